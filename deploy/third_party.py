"""What others wrote that Lastmile is installed with, under which licence: from the packages' own metadata."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
VENDORED = ROOT / "services" / "gateway" / "static" / "vendor" / "VENDORED.toml"
# The page is the same whichever of the supported Pythons makes it.
MACHINE = {"python_version": "3.11", "python_full_version": "3.11.0", "sys_platform": "linux", "extra": ""}
LONGEST_NAME = 60
# Its metadata says nothing; its repository has zlib's licence.
SAID_ELSEWHERE = {"pysqlite3": "Zlib"}
CLASSIFIER = "License :: OSI Approved :: "


@dataclass(frozen=True)
class ThirdParty:
    """One package of others."""

    name: str
    licence: str
    home: str


def runtime_packages() -> list[ThirdParty]:
    """What the program itself needs, directly or through another, by name."""
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    found: dict[str, ThirdParty] = {}
    _follow([Requirement(one) for one in wanted], found)
    return [found[name] for name in sorted(found)]


def vendored_files() -> list[ThirdParty]:
    """What lies beside the pages, by name."""
    if not VENDORED.exists():
        return []
    packages = tomllib.loads(VENDORED.read_text("utf-8"))
    return [
        ThirdParty(name, packages[name]["licence"], f"https://www.npmjs.com/package/{name}")
        for name in sorted(packages)
    ]


def _follow(wanted: list[Requirement], found: dict[str, ThirdParty]) -> None:
    for one in wanted:
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate(MACHINE)):
            continue
        try:
            found[name] = _of(distribution(name))
        except PackageNotFoundError:
            continue  # For another kind of machine.
        _follow([Requirement(needed) for needed in requires(name) or ()], found)


def _of(installed: Distribution) -> ThirdParty:
    name = canonicalize_name(installed.name)
    return ThirdParty(name, SAID_ELSEWHERE.get(name) or next(_licences(installed)), _home(installed))


def _licences(installed: Distribution) -> Iterator[str]:
    """What the package says of its licence, the most exact first."""
    metadata = installed.metadata
    yield from metadata.get_all("License-Expression") or ()
    classified = [text.removeprefix(CLASSIFIER) for text in metadata.get_all("Classifier") or () if CLASSIFIER in text]
    if classified:
        yield " or ".join(classified)
    for text in metadata.get_all("License") or ():
        if text.strip():
            yield text.strip().splitlines()[0][:LONGEST_NAME]


def _home(installed: Distribution) -> str:
    metadata = installed.metadata
    urls = dict(text.split(", ", 1) for text in metadata.get_all("Project-URL") or () if ", " in text)
    by_word = {word.casefold(): url for word, url in urls.items()}
    known = (by_word.get(word) for word in ("homepage", "home", "source", "source code", "repository", "github"))
    home = (metadata.get_all("Home-page") or [None])[0]
    return next((url for url in known if url), home or f"https://pypi.org/project/{installed.name}/")
