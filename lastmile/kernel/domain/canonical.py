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


DEEPEST = 20
"""Levels of lists and objects in a body."""


class NotPlain(TypeError):
    """A value that canonical JSON cannot carry; `field` is the member of the body in which it stands."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where}: {what}")
        self.field = where.removeprefix("body.").partition(".")[0].partition("[")[0]


def plain(value: Any, where: str = "body", depth: int = 0) -> Any:
    """`value` itself when canonical JSON and a database can carry it; NotPlain names the place otherwise."""
    if depth > DEEPEST:
        raise NotPlain(where, f"nested deeper than {DEEPEST} levels")
    match value:
        case None | bool():
            return value
        case str():
            return _writable(value, where)
        case int() if abs(value) <= LARGEST_INTEGER:
            return value
        case list():
            return [plain(item, f"{where}[{index}]", depth + 1) for index, item in enumerate(value)]
        case dict():
            return {_ascii_key(key, where): plain(item, f"{where}.{key}", depth + 1) for key, item in value.items()}
        case _:
            raise NotPlain(where, f"{type(value).__name__} {value!r} has no canonical form")


def _writable(text: str, where: str) -> str:
    if "\x00" in text:
        raise NotPlain(where, "holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise NotPlain(where, "holds half of a character (a lone surrogate)") from None
    return text


def _ascii_key(key: Any, where: str) -> str:
    if isinstance(key, str) and key.isascii():
        return key
    raise NotPlain(where, f"key {key!r} is not ASCII text")
