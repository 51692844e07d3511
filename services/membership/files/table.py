"""A table of texts: rows as they stand in the sheet, and where its header is."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from lastmile.kernel.domain.failures import Invalid

ROWS_BEFORE_THE_HEADER = 10
MOST_ROWS = 10_000
MOST_COLUMNS = 60


def unreadable(why: str) -> Invalid:
    """What is wrong with the file as a whole."""
    return Invalid({"file": [why]})


def too_large(rows: int, columns: int) -> Invalid:
    return unreadable(
        f"表格有内容的区域到第 {rows} 行、第 {columns} 列；最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列，请删去多余的行列。"
    )


@dataclass(frozen=True)
class Column:
    """A column that a table may have: its header, what else people write there, whether it must be there."""

    name: str
    header: str
    others: tuple[str, ...] = ()
    needed: bool = True


@dataclass(frozen=True)
class Table:
    """Rows of texts, the first one of the sheet first."""

    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Row:
    """One row under the header: its number in the sheet, what the known columns say, and all cells."""

    number: int
    said: dict[str, str]
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A table whose header was found."""

    header: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())


def sheet_of(table: Table, columns: Sequence[Column]) -> Sheet:
    """The rows under the header; empty ones are left out. Raises Invalid naming the columns that are missing."""
    known = {_bare(text): column.name for column in columns for text in (column.header, *column.others)}
    best, at = 0, 0
    for number, row in enumerate(table.rows[:ROWS_BEFORE_THE_HEADER]):
        found = len({known[_bare(cell)] for cell in row if _bare(cell) in known})
        if found > best:
            best, at = found, number
    header = table.rows[at] if table.rows else ()
    places: dict[str, int] = {}
    for place, cell in enumerate(header):
        places.setdefault(known.get(_bare(cell), ""), place)
    if missing := [column.header for column in columns if column.needed and column.name not in places]:
        needed = "、".join(column.header for column in columns if column.needed)
        raise unreadable(f"表头缺少：{'、'.join(missing)}。需要的列：{needed}；请按模板填写。")
    width = len(header)
    rows = []
    for number, cells in enumerate(table.rows[at + 1 :], at + 2):
        padded = (*cells[:width], *[""] * (width - len(cells)))
        said = {name: padded[place] for name, place in places.items() if name}
        if any(said.values()):
            rows.append(Row(number, said, padded))
    if not rows:
        raise unreadable("表头下面没有一行内容。")
    return Sheet(tuple(header), tuple(rows))


def _bare(text: str) -> str:
    """A header without what people decorate it with: 姓名（必填）* is 姓名."""
    bare = text.partition("（")[0].partition("(")[0]
    return "".join(character for character in bare if not character.isspace() and character not in "*＊:：").lower()
