"""Writing tables as Excel workbooks: texts are texts, never formulas; numbers that name somebody stay whole."""

import io
from collections.abc import Mapping, Sequence

import xlsxwriter

WIDTH = 22
WIDEST = 60
_TEXTS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def workbook_of(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    sheet: str,
    marked: Mapping[int, str] | None = None,
    notes: Sequence[str] = (),
) -> bytes:
    """A workbook with one table; `marked` gives the colour of a row by its place, `notes` a second sheet."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, _TEXTS) as book:
        text = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bottom": 1, "bg_color": "#EEF2F7"})
        colours = {
            colour: book.add_format({"num_format": "@", "bg_color": colour}) for colour in set((marked or {}).values())
        }
        table = book.add_worksheet(sheet)
        table.set_column(0, max(len(header) - 1, 0), WIDTH, text)
        table.freeze_panes(1, 0)
        for place, name in enumerate(header):
            table.write_string(0, place, name, bold)
        for number, row in enumerate(rows, 1):
            form = colours.get((marked or {}).get(number - 1, ""), text)
            for place, cell in enumerate(row):
                table.write_string(number, place, cell, form)
        if notes:
            explained = book.add_worksheet("填写说明")
            explained.set_column(0, 0, WIDEST)
            for number, note in enumerate(notes):
                explained.write_string(number, 0, note)
    return made.getvalue()
