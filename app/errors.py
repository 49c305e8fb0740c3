"""What the rules can refuse. A code and its data, no sentence and no HTTP: `app/web` has both."""


class DomainError(Exception):
    code = "refused"

    def __init__(self, code: str | None = None, **data: object) -> None:
        super().__init__(code or self.code)
        self.code = str(code or self.code)
        self.data = data


class NotFound(DomainError):
    code = "not_found"


class Conflict(DomainError):
    """The request was fine when the page was loaded, but the world has moved on, or the rules say no."""

    code = "conflict"


class Stale(Conflict):
    """Somebody else saved the same thing meanwhile. Nothing was written."""

    code = "edited_meanwhile"
