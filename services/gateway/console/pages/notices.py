"""Public notices (公示): what hangs out now, and the sheet that is printed, names masked."""

from flask import render_template, request

from services.gateway.console.asking import ask, station_date
from services.gateway.console.page import Menu, Page
from services.gateway.console.relief.people import look_up, name_of
from services.gateway.relief.names import masked

ASKS = ("relief", "notice")


def notices() -> str:
    rows = ask("relief", "notice")["rows"]
    look_up(rows)
    return render_template("notices.html", rows=rows, name_of=name_of, today=station_date().isoformat())


def sheet() -> str:
    """The sheet for the notice board; the telephone is written on it where it hangs."""
    rows = ask("relief", "notice", application_id=request.args.get("application_id") or None)["rows"]
    look_up(rows)
    until = max((row["notice_until"] for row in rows), default="")
    shown = [{**row, "name": masked(name_of(row["person_id"]))} for row in rows]
    phone = request.args.get("phone", "")[:40]
    return render_template("notice_sheet.html", rows=shown, until=until, today=station_date().isoformat(), phone=phone)


PAGES = (
    Page("notices", "/notices", notices, ASKS, Menu("relief", 30, "notices", "megaphone")),
    Page("notice_sheet", "/notices/sheet", sheet, ASKS),
)
