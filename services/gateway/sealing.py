"""What may be personal and must stand in an address, which browsers and proxies keep: sealed."""

import base64
import hmac
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.gateway.parts import gateway

MARK = "~"
NONCE_BYTES = 12


def sealed(text: str) -> str:
    """For an address; the same text always stands there in the same way, and nothing as nothing."""
    if not text:
        return ""
    nonce = _keyed("nonce", text)[:NONCE_BYTES]
    data = nonce + AESGCM(_keyed("key", "")).encrypt(nonce, text.encode(), None)
    return MARK + base64.urlsafe_b64encode(data).decode().rstrip("=")


def opened(given: str) -> str:
    """What was sealed; nothing where it was not, or was altered."""
    if not given.startswith(MARK):
        return ""
    try:
        data = base64.urlsafe_b64decode(given.removeprefix(MARK) + "==")
        return AESGCM(_keyed("key", "")).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError):
        return ""


def _keyed(what: str, text: str) -> bytes:
    return hmac.new(gateway().secret, f"searched {what}\n{text}".encode(), sha256).digest()
