"""Write the golden file of every event that has none yet: one example of its payload, kept for ever.

`make golden`; a file that is there is never touched.
"""

import typing
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import orjson

from lastmile.composition import definition_of
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.fields import Sealed, annotations
from lastmile.settings import LOG_SERVICES

SEALED_EXAMPLE = "1.bm8gcGxhaW4gdGV4dA=="
OCCURRED_ON = "2017-03-01"


def golden_path(service: str, kind: type) -> Path:
    declared = event_type(kind)
    return definition_of(service).migrations.parent / "golden" / f"{declared.name}.{declared.version}.json"


def example(kind: type) -> dict[str, Any]:
    """An entry's part that concerns the event: type, schema, occurred_on, payload with every field filled."""
    declared = event_type(kind)
    payload = {name: _value(name, hint) for name, hint in annotations(kind).items() if name != "occurred_on"}
    return {"type": declared.name, "schema": declared.version, "occurred_on": OCCURRED_ON, "payload": payload}


def _value(name: str, hint: Any) -> Any:
    if type(None) in typing.get_args(hint):
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    if any(isinstance(mark, Sealed) for mark in marks):
        return SEALED_EXAMPLE
    if typing.get_origin(hint) is Literal:
        return typing.get_args(hint)[0]
    if hint is str and name.endswith("station"):
        return "110102017"
    if name.endswith("sha256"):
        return "0" * 64
    values: dict[Any, Any] = {str: name, int: 1, bool: True, date: OCCURRED_ON}
    return values[hint]


def write_missing() -> list[Path]:
    """The files that were written."""
    written = []
    for service in LOG_SERVICES:
        for kind in definition_of(service).events:
            path = golden_path(service, kind)
            if not path.exists():
                path.parent.mkdir(exist_ok=True)
                path.write_bytes(orjson.dumps(example(kind), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
                written.append(path)
    return written


if __name__ == "__main__":
    for made in write_missing():
        print(made)
