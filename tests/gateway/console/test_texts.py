"""The one catalogue: every text is there in both languages, stands once, and is used."""

import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lastmile.composition import definition_of
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import annotations
from lastmile.settings import SERVICES
from services.gateway.console.texts import FILES, catalogue
from services.reporting.figures.book import product_book

GATEWAY = FILES.parent
SOURCES = {
    path: path.read_text(encoding="utf-8")
    for path in (*GATEWAY.rglob("*.py"), *GATEWAY.rglob("*.html"))
    if "api" not in path.relative_to(GATEWAY).parts
}
BY_DATA = frozenset(("event", "field", "problem", "problem_next", "unit", "section", "service", "role"))
"""Texts that are looked up by a word that the data has."""

CALLED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[\w.-]+)["']""")
WORDS = re.compile(r"""["']([a-z_]+\.[a-z_0-9.-]+)["']""")
TOLD_APART = re.compile(r"""["']([a-z_]+)\.["'] ~|f["']([a-z_]+)\.\{|words=["']([a-z_]+)["']""")
"""Where the first part of a key is written and the rest is data: `"role." ~ x`, `f"role.{x}"`, `words="role"`."""


def keys_by_file() -> Iterator[str]:
    for path in FILES.glob("*.toml"):
        yield from leaves(tomllib.loads(path.read_text(encoding="utf-8")), "")


def leaves(table: dict[str, object], prefix: str) -> Iterator[str]:
    for name, value in table.items():
        assert isinstance(value, dict), f"{prefix}{name}"
        if any(isinstance(inner, str) for inner in value.values()):
            yield f"{prefix}{name}"
        else:
            yield from leaves(value, f"{prefix}{name}.")


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_text_stands_twice() -> None:
    assert [key for key, count in Counter(keys_by_file()).items() if count > 1] == []


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_every_text_is_in_both_languages_with_the_same_places(key: str) -> None:
    text = catalogue()[key]
    assert set(text) == {"zh", "en"}
    assert text["zh"].strip()
    assert text["en"].strip() or key == "unit.year"
    assert places(text["zh"]) == places(text["en"])


def test_every_text_that_is_asked_for_is_there() -> None:
    asked = {(path.name, key) for path, source in SOURCES.items() for key in CALLED.findall(source)}
    assert {(name, key) for name, key in asked if key not in catalogue()} == set()


def test_every_text_is_used() -> None:
    written = {key for source in SOURCES.values() for key in WORDS.findall(source)}
    by_data = set(BY_DATA)
    for source in SOURCES.values():
        by_data |= {first for found in TOLD_APART.findall(source) for first in found if first}
    unused = {key for key in catalogue() if key not in written and key.partition(".")[0] not in by_data}
    assert unused == set()


PUBLISHED = [kind for name in SERVICES for kind in definition_of(name).events]


def test_every_event_has_words() -> None:
    assert {f"event.{event_type(kind).name}" for kind in PUBLISHED} - set(catalogue()) == set()


def test_everything_that_stands_in_an_event_has_words() -> None:
    assert {f"field.{name}" for kind in PUBLISHED for name in annotations(kind)} - set(catalogue()) == set()


def test_every_section_and_unit_of_a_figure_has_words() -> None:
    units = {f"unit.{figure.unit}" for figure in product_book().figures.values()}
    assert units - set(catalogue()) == set()


def test_words_of_events_are_of_events_that_are_published() -> None:
    published = {event_type(kind).name for kind in PUBLISHED}
    spoken = {key.partition(".")[2] for key in catalogue() if key.startswith("event.")}
    assert spoken - published == set()


def test_every_refusal_of_access_has_words() -> None:
    ours = {kind.code for kind in Refused.__subclasses__() if kind.__module__.startswith("services.access")}
    assert {f"problem.{code}" for code in ours} - set(catalogue()) == set()


def test_the_files_are_where_the_program_reads_them() -> None:
    assert {path.suffix for path in Path(FILES).iterdir()} == {".toml"}
