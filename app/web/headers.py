"""Security headers, on every answer, errors included."""

from flask import Flask, Response, request

from app.web.access import Who, audience_of

CSP = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)

ALWAYS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "X-Frame-Options": "DENY",
}

PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}


def init(app: Flask) -> None:
    """Registered after `published`, so that it runs before it: Flask calls these in reverse order."""
    https = app.config["BASE_URL"].startswith("https:")

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
        audience = audience_of(app, request.endpoint) if request.endpoint else None
        if audience is None or audience.who not in (Who.PUBLIC, Who.MACHINE) or response.status_code >= 400:
            for name, value in PRIVATE.items():
                response.headers[name] = value
        if audience is not None and audience.who in (Who.HOLDER, Who.SIGN_IN):
            response.headers["Referrer-Policy"] = "no-referrer"
        return response
