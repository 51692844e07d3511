"""The sum of what is ticked, in figures and in capitals, told anew at every tick."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import render_template, request

from services.gateway.relief.capitals import in_capitals


def sum_of(rows: Iterable[Mapping[str, Any]], picked: set[str]) -> dict[str, Any]:
    """`count`, `sum_fen` and `capitals` of the rows that are ticked."""
    amounts = [row["amount_fen"] for row in rows if row["application_id"] in picked]
    return {"count": len(amounts), "sum_fen": sum(amounts), "capitals": in_capitals(sum(amounts)) if amounts else ""}


def told_anew(rows: Iterable[Mapping[str, Any]], page: str) -> str:
    return render_template("sum.html", **sum_of(rows, set(request.form.getlist("selected"))), anew=page)
