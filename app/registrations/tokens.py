"""The key to one's own registration; stored as a hash only."""

from app.values.tokens import derived, hashed

__all__ = ["hashed", "token_of"]


def token_of(uid: str, secret: str) -> str:
    return derived("registration", uid, secret)
