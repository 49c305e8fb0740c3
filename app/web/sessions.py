"""Browser sessions exist under /organise only. Public pages load none, save none, and do not vary by cookie."""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin

SESSION_PATHS = ("/organise",)


class Nowhere(SecureCookieSession):
    """Looks like an empty session and is never saved."""


class OrganiserSessions(SecureCookieSessionInterface):
    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if not request.path.startswith(SESSION_PATHS):
            return Nowhere()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not isinstance(session, Nowhere):
            super().save_session(app, session, response)
