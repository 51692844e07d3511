"""What activities does when membership tells of a card: the swipes that waited for it are settled."""

from typing import Any

from sqlalchemy import Connection

from lastmile.kernel.domain.entry import Entry, log_name, station_of
from lastmile.kernel.domain.failures import Unavailable
from lastmile.kernel.store.listening import Reaction
from lastmile.kernel.store.log import lock_head
from services.activities.heard import CardIssued, CardReplaced
from services.activities.views.card_holders import holder_on
from services.activities.views.waiting_swipes import waiting_for


class CopyIsBehind(Unavailable):
    """The copy of card holders has not heard of this card yet; the same news is tried again later."""


def _swipes_waiting(event: CardIssued | CardReplaced, entry: Entry, connection: Connection) -> list[dict[str, Any]]:
    """A body for each waiting swipe of the card, so that none is lost that is recorded at this moment.

    A swipe reads the copy under the lock of our log. Taking that lock here waits for swipes that began before;
    they are seen below. Those that begin afterwards find the card in the copy, because it is there now.
    """
    station = station_of(entry.log)
    lock_head(connection, log_name(station, "activities"))
    if holder_on(connection, station, event.card_token, event.occurred_on) is None:
        raise CopyIsBehind(f"entry {entry.position} of {entry.log} is not in the copy of card holders yet")
    return [
        {
            "activity_id": activity_id,
            "card_token": event.card_token,
            "person_id": event.person_id,
            "occurred_on": swiped_on,
        }
        for activity_id, swiped_on in waiting_for(connection, station, event.card_token)
    ]


REACTIONS = (
    Reaction("when_a_card_is_issued", CardIssued, "SettleSwipe", _swipes_waiting),
    Reaction("when_a_card_is_replaced", CardReplaced, "SettleSwipe", _swipes_waiting),
)
