"""How values are shown: dates, instants, money, numbers, code words, personal data that is masked."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from services.gateway.console.texts import t, t_or

STATION_TIME = ZoneInfo("Asia/Shanghai")
NOTHING = "—"


def shown(value: Any, kind: str = "text", words: str = "") -> str:
    """A value as people read it. `words` names the texts of a code word, such as `programme` for `programme.warmth`."""
    if value is None or value == "":
        return NOTHING
    if words:
        return t_or(f"{words}.{value}", str(value))
    match kind:
        case "money":
            return yuan(int(value))
        case "number":
            return f"{value:,}"
        case "instant":
            return at_station(value)
        case "yes-no":
            return t("show.yes") if value else t("show.no")
        case _:
            return str(value)


def yuan(fen: int) -> str:
    """Money in yuan, to the fen, thousands apart: no float on the way."""
    sign, whole = "-" if fen < 0 else "", abs(fen)
    return t("show.yuan", amount=f"{sign}{whole // 100:,}.{whole % 100:02d}")


def at_station(instant: str | datetime) -> str:
    """An instant in the station's time, to the minute."""
    moment = instant if isinstance(instant, datetime) else datetime.fromisoformat(instant)
    return moment.astimezone(STATION_TIME).strftime("%Y-%m-%d %H:%M")


def figure_shown(value: Any, unit: str) -> str:
    """A figure's value: thousands apart, money in yuan, a year as it is."""
    if value is None:
        return NOTHING
    if unit == "fen":
        return yuan(int(value))
    return str(value) if unit == "year" or not isinstance(value, int) else f"{value:,}"


def weight(value: int, unit: str) -> str:
    """What an event adds, with its sign; money in yuan."""
    if unit == "fen":
        sign = "-" if value < 0 else "+"
        return f"{sign}{abs(value) // 100:,}.{abs(value) % 100:02d}"
    return f"{value:+,}"


def unit(name: str) -> str:
    return t_or(f"unit.{name}", name)


def event_word(name: str) -> str:
    """What people call an event, or its name while there are no words for it."""
    return t_or(f"event.{name}", name)


def icon(name: str) -> Markup:
    """A small picture from the vendored sprite; decoration, so unseen by screen readers."""
    return Markup(
        '<svg class="icon" aria-hidden="true" focusable="false"><use href="/static/vendor/icons.svg#{}"></use></svg>'
    ).format(escape(name))
