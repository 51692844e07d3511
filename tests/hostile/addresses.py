"""Every address that the gateway answers at, with what a stranger puts into it."""

import re
from pathlib import Path

from werkzeug.routing import Rule

from lastmile.gateway import make_app
from lastmile.settings import SERVICES, read_settings
from tests.hostile.conftest import STATION

CONSOLE, FORM, LOOK = "console.", "POST", "GET"
_PLACE = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")


def rules(home: Path) -> list[Rule]:
    """The rules of a gateway whose services need not be there."""
    urls = {f"LASTMILE_{name.upper()}_URL": "http://127.0.0.1:1" for name in SERVICES}
    return list(make_app(read_settings({"LASTMILE_HOME": str(home), **urls})).url_map.iter_rules())


def filled(rule: Rule, given: str, station: str = STATION) -> str:
    """The rule's address with this in every place that is neither the station nor a number."""

    def put(found: re.Match[str]) -> str:
        if found["name"] in ("station", "area"):
            return station
        return "1" if found["kind"] == "int" else given

    return _PLACE.sub(put, rule.rule)
