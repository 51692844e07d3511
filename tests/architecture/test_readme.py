"""Both READMEs tell the same commands, and every file that a text points to exists."""

import re
from pathlib import Path

import pytest

from tests.architecture.texts import blocks, links

ROOT = Path(__file__).parents[2]
TEXTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINES_ON_A_SCREEN = 75


def test_both_readmes_give_the_same_commands_in_the_same_order() -> None:
    english, chinese = (blocks((ROOT / name).read_text("utf-8")) for name in ("README.md", "README.zh-CN.md"))
    assert english == chinese
    assert len(english) > 4


def test_a_readme_fits_one_screen() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        assert len((ROOT / name).read_text("utf-8").splitlines()) <= LINES_ON_A_SCREEN


@pytest.mark.parametrize("text", TEXTS, ids=lambda text: text.relative_to(ROOT).as_posix())
def test_every_file_that_a_text_points_to_exists(text: Path) -> None:
    for link in links(text.read_text("utf-8")):
        assert (text.parent / link).exists(), link


def test_every_make_target_that_a_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for block in blocks((ROOT / "README.md").read_text("utf-8")):
        for line in block:
            if line.startswith("make "):
                assert line.split()[1] in targets, line
