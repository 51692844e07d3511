"""The console: for now one read-only page, the annual report, where every figure opens its events."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.wire.calls import Calls
from services.gateway.words import word

STATION_TIME = ZoneInfo("Asia/Shanghai")
SECTIONS = {
    "station": "辖区与机构",
    "membership": "组织与会员",
    "honours": "劳模与荣誉",
    "training": "教育培训",
    "activities": "活动与服务",
    "consolation": "节日慰问",
    "relief": "帮扶救助",
}
UNITS = {
    "person": "人",
    "union": "个",
    "community": "个",
    "household": "户",
    "km2": "平方公里",
    "year": "年",
    "percent": "%",
    "attendance": "人次",
    "person-time": "人次",
    "ticket": "张",
    "item": "件",
    "session": "场",
    "agreement": "份",
    "visit": "次",
    "meeting": "次",
    "class": "个",
    "competition": "项",
    "month": "个月",
    "place": "个",
}
EVENTS_ON_A_PAGE = 500


def make_console(calls: Calls, token: Callable[[str], str], stations: Sequence[str], year: int, *, demo: bool) -> Flask:
    """The console's WSGI application. `token(station)` is the identity it asks with."""
    app = Flask("services.gateway", static_url_path="/static")
    app.jinja_env.filters.update(
        shown=shown, weight=weight, unit=lambda unit: UNITS.get(unit, unit), word=word, at_station=at_station
    )
    app.jinja_env.globals.update(stations=stations, demo=demo)

    @app.after_request
    def secured(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response

    @app.errorhandler(Failure)
    def failed(failure: Failure) -> tuple[str, int]:
        problem = failure.as_problem()
        return render_template("problem.html", problem=problem), int(problem.get("status", 400))

    @app.get("/")
    def first() -> AnyResponse:
        if not stations:
            abort(404, "no station yet: lastmile init --station CODE --name NAME")
        chosen = request.args.get("station", stations[0])
        where: dict[str, Any] = {"station": chosen, "year": request.args.get("year", year), **_asked()}
        return redirect(url_for("report", **where))

    @app.get("/stations/<station>/<int:year>")
    def report(station: str, year: int) -> str:
        made = calls.ask("reporting", station, "report", {"year": year, **_asked()}, token(station))
        return render_template(
            "report.html", report=made, sections=in_sections(made["figures"]), asked=_asked(), typed=_typed()
        )

    @app.get("/stations/<station>/<int:year>/figures/<key>")
    def figure(station: str, year: int, key: str) -> str:
        parameters = {"key": key, "year": year, **_asked()}
        made = calls.ask("reporting", station, "explain", parameters, token(station))
        where = {"station": station, "year": year, "key": key, **_asked()}
        page = max(1, request.args.get("page", 1, type=int))
        return render_template("figure.html", explanation=made, where=where, page=page, size=EVENTS_ON_A_PAGE)

    return app


def _typed() -> dict[str, str]:
    return {name: request.args[name] for name in ("as_of", "known_at") if request.args.get(name)}


def _asked() -> dict[str, str]:
    """The dates asked for; an instant without a time zone is the station's time."""
    asked = _typed()
    if "known_at" in asked:
        try:
            moment = datetime.fromisoformat(asked["known_at"])
        except ValueError:
            return asked
        asked["known_at"] = (moment if moment.tzinfo else moment.replace(tzinfo=STATION_TIME)).isoformat()
    return asked


def in_sections(figures: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """Figures under the Chinese heading of the first word of their key."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for line in figures:
        word = str(line["key"]).partition(".")[0]
        found.setdefault(SECTIONS.get(word, "其他"), []).append(line)
    return found


def shown(value: Any, unit: str) -> str:
    """A value as people read it: thousands apart, money in yuan."""
    if value is None:
        return "—"
    if unit == "fen":
        return f"{int(value) / 100:,.2f} 元"
    if unit == "year":
        return str(value)
    return f"{value:,}" if isinstance(value, int) else str(value)


def weight(value: int, unit: str) -> str:
    """What an event adds, with its sign; money in yuan."""
    return f"{value / 100:+,.2f}" if unit == "fen" else f"{value:+,}"


def at_station(instant: str) -> str:
    """An instant in the station's time, to the minute."""
    return datetime.fromisoformat(instant).astimezone(STATION_TIME).strftime("%Y-%m-%d %H:%M")
