"""The key to a speaker's personal page. It carries their uid, so nothing of it is stored."""

from app.values.tokens import sealed, uid_in

PURPOSE = "speaker"


def token_of(uid: str, secret: str) -> str:
    return sealed(PURPOSE, uid, secret)


def uid_of(token: str, secret: str) -> str | None:
    """None of a token that is none of ours."""
    return uid_in(PURPOSE, token, secret)
