"""What in a page or in a file would come to life when somebody opens it."""

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

_RUNS = re.compile(r"\s*(javascript|data|vbscript):", re.IGNORECASE)
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "xlink:href", "srcdoc", "data"})
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_IN_WORKBOOK = re.compile(rb'<f[ >/]|<hyperlink|<oleObject|t="str"|vbaProject|externalLink|ddeLink')
EVALUATED = "41897569"
"""What a template would make of {{1337*31337}}."""


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script" and not given.get("src", "").startswith("/static/"):
            self.found.append(f"script {given}")
        for name, value in given.items():
            if name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")
            if name in _ADDRESSES and _RUNS.match(value) and tag != "link":
                self.found.append(f"{tag} {name}={value}")


def live_in_page(html: str) -> list[str]:
    page = _Page()
    page.feed(html)
    return page.found + ([EVALUATED] if EVALUATED in html else [])


def live_in_csv(data: bytes) -> list[str]:
    """Cells that a program for tables would reckon with, but for plain numbers."""
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return [cell for row in rows for cell in row if cell.startswith(_FORMULA) and not _is_number(cell)]


def live_in_workbook(data: bytes) -> list[str]:
    """Formulas, links and programs; a text that looks like one is a text."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        found = [(name, _IN_WORKBOOK.search(book.read(name))) for name in book.namelist()]
        return [f"{name}: {match[0]!r}" for name, match in found if match] + [
            name for name in book.namelist() if not name.endswith((".xml", ".rels"))
        ]


def _is_number(cell: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", cell) is not None
