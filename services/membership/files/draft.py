"""A table between its check and its confirmation: sealed, given to whoever sent it, kept nowhere."""

import base64
import secrets
import zlib
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lastmile.kernel.domain.failures import Invalid
from lastmile.kernel.store.service import Asking

LARGEST_DRAFT = 12 * 1024 * 1024


def sealed_draft(asking: Asking, kind: str, content: dict[str, Any]) -> str:
    """`content` as text that this station's service alone can open, today, for the same person."""
    nonce = secrets.token_bytes(12)
    packed = zlib.compress(orjson.dumps(content))
    return base64.urlsafe_b64encode(nonce + _cipher(asking).encrypt(nonce, packed, _bound(asking, kind))).decode()


def opened_draft(asking: Asking, kind: str, draft: str) -> dict[str, Any]:
    """What `sealed_draft` sealed. Raises Invalid for another person, station, kind or day, or if it was changed."""
    try:
        data = base64.urlsafe_b64decode(draft.encode())
        packed = _cipher(asking).decrypt(data[:12], data[12:], _bound(asking, kind))
    except (InvalidTag, ValueError):
        raise Invalid({"draft": ["核对结果已失效，请重新上传文件。"]}) from None
    content: dict[str, Any] = orjson.loads(zlib.decompress(packed))
    return content


def _cipher(asking: Asking) -> AESGCM:
    return AESGCM(asking.resources.keystore.master.drafts)


def _bound(asking: Asking, kind: str) -> bytes:
    return f"{kind}/{asking.station}/{asking.identity.person_id}/{asking.today}".encode()
