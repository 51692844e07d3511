"""The applications of a station as a list: by state, month, fund, household, or whose hands they went through."""

from calendar import monthrange
from typing import Any

from marshmallow import fields, validate
from sqlalchemy import ColumnElement, select

from lastmile.kernel.store.lists import MOST_ROWS_ON_A_PAGE, Listed
from lastmile.kernel.store.service import Asking
from services.relief.views.applications_open import CLOSED, application_hands, applications

_columns, _hands = applications.c, application_hands.c


def _in_month(month: str) -> ColumnElement[bool]:
    year, number = map(int, month.split("-"))
    return _columns.applied_on.between(f"{month}-01", f"{month}-{monthrange(year, number)[1]}")


def _through(person_id: str) -> ColumnElement[bool]:
    """Applications in which this person had a hand."""
    return (
        select(_hands.person_id)
        .where(
            _hands.station == _columns.station,
            _hands.application_id == _columns.application_id,
            _hands.person_id == person_id,
        )
        .exists()
    )


APPLICATIONS = Listed(
    table=applications,
    key="application_id",
    shown=(
        "application_id",
        "person_id",
        "programme",
        "fund_id",
        "asked_fen",
        "amount_fen",
        "state",
        "since",
        "applied_on",
        "notice_until",
        "approved_on",
        "pay_list_id",
    ),
    sorts=("applied_on", "since", "application_id", "amount_fen", "state"),
    filters={
        "state": (fields.String(), lambda value: _columns.state == value),
        "open": (
            fields.Boolean(),
            lambda yes: _columns.state.not_in(CLOSED) if yes else _columns.state.in_(CLOSED),
        ),
        "programme": (fields.String(), lambda value: _columns.programme == value),
        "fund_id": (fields.String(), lambda value: _columns.fund_id == value),
        "person_id": (fields.String(), lambda value: _columns.person_id == value),
        "people": (
            fields.List(fields.String(), validate=validate.Length(max=MOST_ROWS_ON_A_PAGE)),
            _columns.person_id.in_,
        ),
        "month": (fields.String(validate=validate.Regexp(r"^\d{4}-(0[1-9]|1[0-2])\Z")), _in_month),
        "by": (fields.String(), _through),
        "pay_list_id": (fields.String(), lambda value: _columns.pay_list_id == value),
    },
)


def applications_listed(asking: Asking) -> dict[str, Any]:
    """A page of the applications."""
    return APPLICATIONS.rows(asking)
