"""The published figures, and how a report compares with them."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt
from pathlib import Path
from typing import Any

PUBLISHED = Path(__file__).parent / "published.csv"
COMPARED_BY = {"eq": eq, "gte": ge, "gt": gt}
SIGNS = {"eq": "=", "gte": "≥", "gt": ">"}


@dataclass(frozen=True)
class Published:
    """A line of the published year: its value, how a report must compare with it, and what it rests on."""

    key: str
    label_zh: str
    label_en: str
    unit: str
    compare: str
    value: Decimal
    basis: str


@dataclass(frozen=True)
class Compared:
    """A published line beside the reported value; `reported` is None if the report has no such line."""

    line: Published
    reported: Decimal | None

    @property
    def agrees(self) -> bool:
        return self.reported is not None and bool(COMPARED_BY[self.line.compare](self.reported, self.line.value))


def published_lines(path: Path = PUBLISHED) -> list[Published]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Published(
                row["key"],
                row["label_zh"],
                row["label_en"],
                row["unit"],
                row["compare"],
                Decimal(row["value"]),
                row["basis"],
            )
            for row in csv.DictReader(file)
        ]


def compare(values: Mapping[str, Any], lines: Sequence[Published]) -> list[Compared]:
    """Each published line beside the value of the same key."""
    return [Compared(line, _decimal(values.get(line.key))) for line in lines]


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))
