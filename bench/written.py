"""Real events of activities, written straight to its log: what the rows about the log, relay and follower share."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from uuid6 import uuid7

from lastmile.kernel.domain.aggregate import stream_name
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.log import Draft, append, lock_head, open_log
from lastmile.kernel.store.migrating import upgrade
from services.activities.api import ACTIVITIES
from services.activities.enrolment import MemberEnrolled
from services.activities.hand_out import HandedOut
from services.activities.swipe import CardSwiped

STATION = "110102017"
LOG = log_name(STATION, "activities")
SWIPED_ON = date(2017, 5, 20)
EVENTS_TOGETHER = 1_000


def opened_log(url: str) -> Database:
    """A new database of activities with the empty log of one station."""
    database = Database(url)
    upgrade(database, ACTIVITIES.migrations)
    with database.write() as connection:
        open_log(connection, STATION, "activities")
    return database


def event(number: int) -> Any:
    """Four swipes, then an enrolment or something handed out."""
    activity_id, person_id = f"activity-{number // 400}", f"person-{number % 5_800:05d}"
    match number % 10:
        case 4:
            return MemberEnrolled(activity_id=activity_id, person_id=person_id, occurred_on=SWIPED_ON)
        case 9:
            return HandedOut(
                list_id=f"list-{number // 400}",
                recipient_id=person_id,
                to="person",
                item="film_ticket",
                quantity=2,
                signature_id=f"signature-{number}",
                occurred_on=SWIPED_ON,
            )
        case _:
            return CardSwiped(
                activity_id=activity_id,
                card_token=f"{number % 5_800:032x}",
                person_id=person_id,
                kind="hike",
                theme="spring",
                occurred_on=SWIPED_ON,
            )


def draft(number: int) -> Draft:
    """Event number so and so, validated and dumped by its type as every command does it."""
    made = event(number)
    declared = event_type(made)
    return Draft(
        event_id=str(uuid7()),
        stream=stream_name(STATION, "bench", str(number)),
        version=1,
        type=declared.name,
        schema=declared.version,
        occurred_on=made.occurred_on.isoformat(),
        actor="li",
        role="clerk",
        correlation_id=f"command-{number}",
        causation_id=f"command-{number}",
        command_id=f"command-{number}",
        payload=declared.dump(made),
    )


def write(database: Database, numbers: Sequence[int]) -> None:
    """Append these events to the log in one transaction."""
    with database.write() as connection:
        head = lock_head(connection, LOG)
        append(connection, head, [draft(number) for number in numbers], datetime.now(UTC))


def fill(database: Database, after: int, upto: int) -> None:
    """Append events in transactions of 1,000."""
    for start in range(after, upto, EVENTS_TOGETHER):
        write(database, range(start, min(start + EVENTS_TOGETHER, upto)))
