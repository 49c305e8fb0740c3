"""The key to one's own registration: derived, so that a later mail can give it again; stored as a hash only."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

LENGTH = 24


def token_of(uid: str, secret: str) -> str:
    """144 bits that nobody without the installation's secret can make."""
    digest = hmac.new(secret.encode(), f"registration:{uid}".encode(), sha256).digest()
    return urlsafe_b64encode(digest[: LENGTH * 3 // 4]).decode()


def hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
