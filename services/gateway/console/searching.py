"""What is typed to find somebody is personal data: in addresses, which browsers and proxies keep, it stands sealed."""

import base64
import hmac
from collections.abc import Collection, Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.gateway.parts import gateway

MARK = "~"
NONCE_BYTES = 12


def sealed(typed: Mapping[str, str], searches: Collection[str]) -> dict[str, str]:
    """What was typed, for an address; the same text always stands there in the same way."""
    return {name: _sealed(value) if name in searches else value for name, value in typed.items()}


def opened(given: Mapping[str, str], searches: Collection[str]) -> dict[str, str]:
    """What was typed, without what was written into the address itself, or altered there: that is not searched for."""
    found = {name: _opened(value) if name in searches else value for name, value in given.items()}
    return {name: value for name, value in found.items() if value}


def _sealed(text: str) -> str:
    if not text:
        return ""
    nonce = _keyed("nonce", text)[:NONCE_BYTES]
    data = nonce + AESGCM(_keyed("key", "")).encrypt(nonce, text.encode(), None)
    return MARK + base64.urlsafe_b64encode(data).decode().rstrip("=")


def _opened(given: str) -> str:
    if not given.startswith(MARK):
        return ""
    try:
        data = base64.urlsafe_b64decode(given.removeprefix(MARK) + "==")
        return AESGCM(_keyed("key", "")).decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError):
        return ""


def _keyed(what: str, text: str) -> bytes:
    return hmac.new(gateway().secret, f"searched {what}\n{text}".encode(), sha256).digest()
