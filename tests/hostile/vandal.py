"""The demo's year as somebody would enter it who writes programs, formulas and addresses into every free text."""

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zlib import crc32

from marshmallow import Schema, fields
from rich.console import Console

from examples.guangnei_2017.__main__ import LAYOUT, carry
from examples.guangnei_2017.accounts import open_accounts
from examples.guangnei_2017.grounds import embedded_ground, fresh_home
from examples.guangnei_2017.plan import read_plan
from lastmile.catalogue import catalogue
from lastmile.composition import Composition
from lastmile.embedded import Embedded
from lastmile.home import Home
from lastmile.kernel.wire.calls import Calls, Outcome, Row

SCRIPTS = (
    "<script>hostile()</script>",
    '"><img src=x onerror=hostile()>',
    "'><svg/onload=hostile()>",
    "</title></textarea></script><script>hostile()</script>",
    "' onmouseover=hostile() x='",
    "javascript:hostile()//",
    "{{1337*31337}}",
    "${1337*31337}",
    "\u202edesrever\u2066",
)
FORMULAS = ("=1+1|", "+1+1|", "-1+1|", "@SUM(1)|", "\t=1+1|", "\r=1+1|", "%0d%0aSet-Cookie: hostile=1|")
PAYLOADS = (*SCRIPTS, *FORMULAS)
SECRETS = frozenset({"first_password", "old", "new", "code"})
"""Free texts that are kept nowhere."""

Field = tuple[str, str, str]
"""A service, a command of it, and a field of that."""


def free_texts(schema: Schema) -> frozenset[str]:
    """The fields that take whatever people write."""
    strings = {name for name, kind in schema.fields.items() if isinstance(kind, fields.String)}
    return frozenset(name for name in strings - SECRETS if name not in schema.validate({name: SCRIPTS[0]}))


def every_free_text() -> frozenset[Field]:
    found = catalogue().commands()
    return frozenset((each.service, each.name, name) for each in found for name in free_texts(each.schema))


class VandalisedCalls:
    """Calls in which every free text that is told begins with something hostile: an order always with the same."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self.ask = calls.ask
        self._schemas = {(each.service, each.name): each.schema for each in catalogue().commands()}
        self.done: dict[Field, set[str]] = {}
        """What of PAYLOADS was taken, by field."""

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]:
        schema = self._schemas[service, name]
        chosen = [
            {field: self._payload(schema, field, key, body[field]) for field in free_texts(schema) & body.keys()}
            for key, body in rows
        ]
        hostile = [
            (key, {**body, **{field: f"{payload}{body[field]}" for field, payload in mine.items()}})
            for (key, body), mine in zip(rows, chosen, strict=True)
        ]
        outcomes = self._calls.tell(service, station, name, hostile, token, expected_version)
        for outcome, mine in zip(outcomes, chosen, strict=True):
            if outcome["status"] == "done":
                for field, payload in mine.items():
                    self.done.setdefault((service, name, field), set()).add(payload)
        return outcomes

    def _payload(self, schema: Schema, field: str, key: str, text: Any) -> str:
        start = crc32(f"{key.partition('/')[0]} {field}".encode()) % len(PAYLOADS)
        turned = (*PAYLOADS[start:], *PAYLOADS[:start])
        return next((each for each in turned if field not in schema.validate({field: f"{each}{text}"})), "")


class Vandalised:
    """A ground on which everything is written so."""

    def __init__(self, ground: Embedded) -> None:
        self._ground = ground
        self.calls = VandalisedCalls(ground.calls)
        self.open_station, self.operator_token, self.settle = ground.open_station, ground.operator_token, ground.settle

    @property
    def home(self) -> Home:
        return self._ground.home

    @property
    def composition(self) -> Composition:
        return self._ground.composition


def vandalise(path: Path, more: Callable[[Vandalised], None]) -> frozenset[Field]:
    """Make the home, and let `more` enter what the year does not; the free texts that were taken."""
    plan, said = read_plan(), Console(file=io.StringIO())
    with embedded_ground(fresh_home(path)) as opened:
        assert isinstance(opened, Embedded)
        ground = Vandalised(opened)
        driver, _ = carry(plan, ground, said)
        assert driver.unexpected == []
        open_accounts(plan, ground)
        ground.composition.reporting().register_layout(plan.station.code, LAYOUT.read_text("utf-8"))
        more(ground)
        return frozenset(ground.calls.done)
