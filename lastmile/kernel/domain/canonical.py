"""One value, one text: the bytes that are hashed, signed, sent and kept."""

from typing import Any

import orjson

LARGEST_INTEGER = 2**53 - 1
"""Integers beyond this are not exact in every JSON reader (RFC 8785, section 3.2.2.3)."""


def canonical(value: Any) -> bytes:
    """UTF-8 JSON with sorted keys and no blanks; equals RFC 8785 for ASCII keys and integers.

    The caller keeps floats out: event and command fields may not be declared as floats,
    and `plain` refuses them in whatever comes from elsewhere.
    """
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER)


def plain(value: Any, where: str = "body") -> Any:
    """`value` itself when canonical JSON can carry it; TypeError names the place otherwise."""
    match value:
        case None | bool() | str():
            return value
        case int() if abs(value) <= LARGEST_INTEGER:
            return value
        case list():
            return [plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
        case dict():
            return {_ascii_key(key, where): plain(item, f"{where}.{key}") for key, item in value.items()}
        case _:
            raise TypeError(f"{where}: {type(value).__name__} {value!r} has no canonical form")


def _ascii_key(key: Any, where: str) -> str:
    if isinstance(key, str) and key.isascii():
        return key
    raise TypeError(f"{where}: key {key!r} is not ASCII text")
