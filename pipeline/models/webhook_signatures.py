"""Signatures of webhooks, as https://www.standardwebhooks.com describes them. Pure."""

import base64
import hashlib
import hmac

PREFIX = "whsec_"


def secret_text(key: bytes) -> str:
    """How a key is shown to whoever verifies with it."""
    return PREFIX + base64.b64encode(key).decode()


def signature(secret: str, message: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over `message.timestamp.body`, for the header `webhook-signature`."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
