"""The one catalogue of what the console says: each text with its Chinese and its English side by side."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from flask import g

FILES = Path(__file__).parents[1] / "texts"
LANGUAGES = {"zh": "zh-CN", "en": "en"}
"""The languages of the console with what `lang` says of them; the first is what people get unasked."""

Text = Mapping[str, str]


@cache
def catalogue() -> Mapping[str, Text]:
    """Every text by its key; where two files have a key, the first of them by name counts."""
    found: dict[str, Text] = {}
    for path in sorted(FILES.glob("*.toml")):
        for key, text in _leaves(tomllib.loads(path.read_text(encoding="utf-8")), ""):
            found.setdefault(key, text)
    return found


def t(key: str, /, **values: Any) -> str:
    """The text in the language that was chosen, with these values in its places."""
    text = catalogue()[key][language()]
    return text.format(**values) if values else text


def t_or(key: str, otherwise: str) -> str:
    """The text, or what else to show where the catalogue has no words yet."""
    text = catalogue().get(key)
    return text[language()] if text else otherwise


def language() -> str:
    return str(g.get("language", "zh"))


def _leaves(table: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Text]]:
    for name, value in table.items():
        if not isinstance(value, Mapping):
            raise TypeError(f"{prefix}{name} is no text: it needs zh and en")
        if any(isinstance(inner, str) for inner in value.values()):
            yield f"{prefix}{name}", value
        else:
            yield from _leaves(value, f"{prefix}{name}.")
