"""Stations and areas in addresses: nine digits a station, six an area."""

from typing import Any

from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

STATION = "<station:station>"
STATION_OR_AREA = "<area:station>"


class StationCode(BaseConverter):
    """A station's nine digits."""

    regex = "[0-9]{9}"


class AreaCode(BaseConverter):
    """A station's nine digits, or the six of the area in which stations lie."""

    regex = "(?:[0-9]{9}|[0-9]{6})"


def know_stations(app: Flask, api: Api) -> None:
    """Let paths name stations, and the document say what they look like."""
    app.url_map.converters.update(station=StationCode, area=AreaCode)
    for converter in (StationCode, AreaCode):
        api.register_converter(converter, _shown)


def _shown(converter: BaseConverter) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^{converter.regex}$", "example": "110102017"}
