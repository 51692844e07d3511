"""How a name sounds: its pinyin and initials, with every reading that a surname may have."""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin, pinyin

MOST_READINGS = 4

SURNAMES = {
    "单": ("shan", "dan"),
    "曾": ("zeng", "ceng"),
    "区": ("ou", "qu"),
    "仇": ("qiu", "chou"),
    "解": ("xie", "jie"),
    "查": ("zha", "cha"),
    "任": ("ren",),
    "吕": ("lv", "lu"),
    "华": ("hua",),
    "朴": ("piao", "pu"),
    "盖": ("ge", "gai"),
    "翟": ("zhai", "di"),
    "覃": ("qin", "tan"),
    "尉迟": ("yuchi", "weichi"),
    "万俟": ("moqi", "wansi"),
}
"""Surnames that sound otherwise than the character does elsewhere; the surname's own reading comes first."""


class Sounds(NamedTuple):
    """The readings of a name, the likeliest first, and their initials."""

    pinyin: tuple[str, ...]
    initials: tuple[str, ...]


@lru_cache(maxsize=20_000)
def sounds(name: str) -> Sounds:
    """What `name` may be typed as: `王小明` → wangxiaoming, wxm."""
    surname, given = _divided(name)
    rest = [syllable.lower() for syllable in lazy_pinyin(given)]
    readings = [(reading, *rest) for reading in _surname_readings(surname)][:MOST_READINGS]
    whole = tuple(dict.fromkeys(_typed("".join(parts)) for parts in readings))
    initials = tuple(dict.fromkeys(_typed(_initials(surname, parts)) for parts in readings))
    return Sounds(whole, initials)


def _divided(name: str) -> tuple[str, str]:
    length = 2 if name[:2] in SURNAMES else 1
    return name[:length], name[length:]


def _surname_readings(surname: str) -> tuple[str, ...]:
    known = SURNAMES.get(surname, ())
    each = pinyin(surname, style=Style.NORMAL, heteronym=True)
    others = ("".join(parts).lower() for parts in product(*each))
    return tuple(dict.fromkeys((*known, *others)))


def _initials(surname: str, parts: tuple[str, ...]) -> str:
    first, *rest = parts
    of_surname = first[:1] if len(surname) == 1 else "".join(p[:1] for p in lazy_pinyin(surname))
    return of_surname + "".join(part[:1] for part in rest)


def _typed(text: str) -> str:
    return "".join(character for character in text if character.isalnum())
