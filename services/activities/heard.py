"""What activities reads of membership's events: whose card it is, and from when to when it is live."""

from datetime import date

from lastmile.kernel.domain.events import heard
from lastmile.kernel.domain.fields import Id


@heard("membership")
class CardIssued:
    person_id: Id
    card_token: Id
    occurred_on: date


@heard("membership")
class CardReplaced:
    person_id: Id
    card_token: Id
    occurred_on: date


@heard("membership")
class CardLost:
    card_token: Id
    occurred_on: date


@heard("membership")
class CardUnbound:
    card_token: Id
    occurred_on: date


HEARD = (CardIssued, CardReplaced, CardLost, CardUnbound)
