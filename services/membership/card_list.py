"""The list of waiting card applications that goes to the bank."""

from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.domain.fields import Id, Quantity, Today

# This shape is kept for ever.


@event()
class CardApplicationsSent:
    """The waiting applications, with the applicants' identity numbers, were taken out as a file for the bank."""

    list_id: Id
    applications: Quantity
    occurred_on: date


@command
class SendCardApplications:
    """Take the waiting applications out as a file for the bank; the question `card_application_file` then gives it."""

    list_id: Id
    today: Today


def send_card_applications(command: SendCardApplications, sent: bool, applications: int) -> list[CardApplicationsSent]:
    if sent:
        return []
    if not applications:
        raise NotFound("no application for a card waits")
    return [CardApplicationsSent(list_id=command.list_id, applications=applications, occurred_on=command.today)]


def _sent(_state: bool, _event: CardApplicationsSent) -> bool:
    return True


card_list = Aggregate("card_list", False, _sent, CardApplicationsSent)
