"""Keys to a page of one's own: derived from a stored uid and the house's secret, so that a later mail can give them again."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

MAC = 20
"""Bytes of a sealed token that nobody without the secret can make."""


def derived(purpose: str, uid: str, secret: str) -> str:
    """24 characters, 144 bits. Whoever looks one up keeps its hash beside the uid."""
    return urlsafe_b64encode(_mac(purpose, uid, secret)[:18]).decode()


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def sealed(purpose: str, uid: str, secret: str) -> str:
    """48 characters that carry the uid themselves, so that nothing of the token is stored at all."""
    return urlsafe_b64encode(UUID(uid).bytes + _mac(purpose, uid, secret)[:MAC]).decode()


def uid_in(purpose: str, token: str, secret: str) -> str | None:
    """Of a token that `sealed` made, to the letter; None of any other."""
    try:
        uid = str(UUID(bytes=urlsafe_b64decode(token)[:-MAC]))
    except ValueError:
        return None
    return uid if hmac.compare_digest(sealed(purpose, uid, secret).encode(), token.encode()) else None


def _mac(purpose: str, uid: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), f"{purpose}:{uid}".encode(), sha256).digest()
