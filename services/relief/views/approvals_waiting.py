"""What waits for an approval: a list to approve at once, and beside it the exceptions that are looked at singly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from lastmile.kernel.store.service import Asking
from services.relief.views.applications_open import applications, of_hand, others
from services.relief.views.cases import case_files
from services.relief.views.funds_left import funds
from services.relief.views.policies_in_force import in_force

NEAR_CEILING_PERCENT = 90
USUAL_TIMES = 1.5
GRANTS_TO_TELL_THE_USUAL = 5
"""They guide the eye alone: what may be approved is for the policy to say, and for the decision to check."""


def approvals_waiting(asking: Asking) -> dict[str, Any]:
    """What waits for an approval; a row with `flags` is approved singly, `barred` tells why not by the asker."""
    columns, files = applications.c, case_files.c
    query = (
        select(applications, files.category, files.persons, files.open, funds.c.opened_by)
        .outerjoin(case_files, (files.station == columns.station) & (files.person_id == columns.person_id))
        .outerjoin(funds, (funds.c.station == columns.station) & (funds.c.fund_id == columns.fund_id))
        .where(columns.station == asking.station, columns.state == "unopposed")
        .order_by(columns.applied_on, columns.application_id)
    )
    found = asking.connection.execute(query).all()
    known = _Known(
        usual=_usual(asking),
        hands=of_hand(asking.connection, asking.station, asking.identity.person_id),
        policies={row.programme: _policy(asking, row.programme) for row in found},
    )
    rows = [_shown(asking, row, known) for row in found]
    return {"rows": rows, "count": len(rows), "amount_fen": sum(row["amount_fen"] for row in rows)}


_SHOWN = (
    "application_id",
    "person_id",
    "programme",
    "fund_id",
    "asked_fen",
    "amount_fen",
    "applied_on",
    "since",
    "notice_until",
    "category",
    "persons",
)


@dataclass(frozen=True)
class _Known:
    """What is asked once for all rows: usual amounts, what the asker had a hand in, the policies of today."""

    usual: dict[str, float]
    hands: frozenset[str]
    policies: dict[str, Row[Any] | None]


def _policy(asking: Asking, programme: str) -> Row[Any] | None:
    return in_force(asking.connection, asking.station, programme, asking.today)


def _shown(asking: Asking, row: Row[Any], known: _Known) -> dict[str, Any]:
    policy, me = known.policies[row.programme], asking.identity.person_id
    barred = {
        "own_aid": row.person_id in (me, *asking.identity.household),
        "own_hand": row.application_id in known.hands,
        "own_terms": me in (policy.stated_by if policy else None, row.opened_by),
    }
    return {
        **{name: row._mapping[name] for name in _SHOWN},
        "policy_id": policy.policy_id if policy else None,
        "ceiling_fen": policy.ceiling_fen if policy else None,
        "flags": _flags(asking, row, policy, known.usual),
        "barred": [why for why, true in barred.items() if true],
    }


def _flags(asking: Asking, row: Row[Any], policy: Row[Any] | None, usual: dict[str, float]) -> Sequence[str]:
    _, earlier = others(
        asking.connection, row.application_id, row.person_id, row.programme, int(row.applied_on[:4] or 0)
    )
    ceiling_fen = policy.ceiling_fen if policy else 0
    flags = {
        "no_policy": policy is None,
        "above_ceiling": policy is not None and row.amount_fen > ceiling_fen,
        "near_ceiling": ceiling_fen * NEAR_CEILING_PERCENT <= row.amount_fen * 100 <= ceiling_fen * 100,
        "changed": row.times_returned > 0 or row.times_opposed > 0 or row.asked_fen != row.amount_fen,
        "above_usual": row.amount_fen > USUAL_TIMES * usual.get(row.category, row.amount_fen),
        "second_aid": earlier > 0,
        "file_closed": row.open != 1,
    }
    return [flag for flag, true in flags.items() if true]


def _usual(asking: Asking) -> dict[str, float]:
    """What was granted on average to households of a category, where there were enough grants to tell."""
    columns, files = applications.c, case_files.c
    query = (
        select(files.category, func.avg(columns.amount_fen))
        .join(case_files, (files.station == columns.station) & (files.person_id == columns.person_id))
        .where(columns.station == asking.station, columns.approved_on.is_not(None))
        .group_by(files.category)
        .having(func.count() >= GRANTS_TO_TELL_THE_USUAL)
    )
    return {category: float(average) for category, average in asking.connection.execute(query)}
