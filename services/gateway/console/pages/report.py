"""The annual report, as of a date and as known at an instant; every figure opens to its events."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import Response, g, render_template, request

from services.gateway.console.asking import ask, station_date
from services.gateway.console.exporting import as_file, record_export
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.showing import STATION_TIME
from services.gateway.console.texts import language, t, t_or
from services.gateway.sheets import CSV, EXCEL, as_csv, as_excel

EVENTS_ON_A_PAGE = 100
FIRST_YEAR = 1900


def asked_for() -> dict[str, Any]:
    """The year and dates in the address; an instant without a time zone is the station's time."""
    typed: dict[str, Any] = {name: request.values.get(name) or None for name in ("as_of", "known_at", "layout")}
    if typed["known_at"]:
        try:
            moment = datetime.fromisoformat(typed["known_at"])
        except ValueError:
            pass  # Reporting says what is wrong with it.
        else:
            typed["known_at"] = (moment if moment.tzinfo else moment.replace(tzinfo=STATION_TIME)).isoformat()
    return {"year": request.values.get("year", station_date().year, type=int), **typed}


def report() -> str:
    asked = asked_for()
    made = ask("reporting", "report", **asked)
    g.menu_page = "report"
    return render_template("report.html", report=made, sections=in_sections(made["figures"]), asked=asked)


def in_sections(figures: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Figures under the heading of the first word of their key."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in figures:
        word = str(line["key"]).partition(".")[0]
        found.setdefault(t_or(f"section.{word}", t("section.other")), []).append(line)
    return found


def figure(key: str) -> str:
    asked = asked_for()
    made = ask("reporting", "explain", key=key, **asked)
    page = max(1, request.args.get("page", 1, type=int))
    g.menu_page = "report"
    return render_template(
        "figure.html", explanation=made, key=key, asked=asked, page=page, size=EVENTS_ON_A_PAGE, opened=opened
    )


def opened(event: Mapping[str, Any], **back: Any) -> str:
    """The address of an event's own page, in the log of the station that recorded it."""
    station, _, service = str(event["log"]).partition("/")
    return link("entry", station=station, service=service, position=event["position"], **back)


def export() -> Response:
    """The report as a file. That it was taken is recorded like any export."""
    asked = asked_for()
    made = ask("reporting", "report", **asked)
    record_export("reporting", "report", " ".join(f"{k}={v}" for k, v in asked.items() if v), len(made["figures"]))
    label = "label_zh" if language() == "zh" else "label_en"
    table = [
        [line[label] or line["key"], _number(line), "元" if line["unit"] == "fen" else t_or(f"unit.{line['unit']}", "")]
        for line in made["figures"]
    ]
    headings = [t("report.figure"), t("report.value"), t("report.unit")]
    name = f"report-{made['station']}-{made['year']}"
    if request.form.get("format") == "csv":
        return as_file(as_csv(headings, table), f"{name}.csv", CSV)
    return as_file(as_excel(t("report.title", year=made["year"]), headings, table), f"{name}.xlsx", EXCEL)


def _number(line: Mapping[str, Any]) -> Any:
    value = line["value"]
    return value / 100 if line["unit"] == "fen" and isinstance(value, int) else value


ASKS = ("reporting", "report")
PAGES = (
    Page("report", "/report", report, ASKS, Menu("figures", 10, "report", "bar-chart-line")),
    Page("report_export", "/report/export", export, ASKS, methods=("POST",)),
    Page("figure", "/report/figures/<key>", figure, ("reporting", "explain")),
)
