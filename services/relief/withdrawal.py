"""Withdrawing an application: what an approval had bound in the fund becomes free again."""

from datetime import date

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Actor, Household, Id, Word
from services.relief.application import ApplicationState, Approved, Ended, underway
from services.relief.application_events import ApplicationEvent, ApplicationWithdrawn
from services.relief.rules import not_for_oneself


@command
class WithdrawApplication:
    """Enter that the household wants the aid no more, or that the person died."""

    application_id: Id
    reason: Word
    by: Actor
    by_household: Household = ()
    occurred_on: date


class PaymentUnderWay(Refused):
    """What stands on a pay list or was paid is not withdrawn: take it off the list, or reverse the payment first."""


def withdraw_application(
    command: WithdrawApplication, application: ApplicationState, paying: bool
) -> list[ApplicationEvent]:
    if isinstance(application, Ended):
        return []
    if isinstance(application, Approved):
        paper, released_fen = application.paper, application.paper.amount_fen
        if paying:
            raise PaymentUnderWay(application_id=command.application_id)
    else:
        paper, released_fen = underway(command.application_id, application).paper, 0
    not_for_oneself(command, paper.person_id)
    return [
        ApplicationWithdrawn(
            application_id=command.application_id,
            person_id=paper.person_id,
            fund_id=paper.fund_id,
            released_fen=released_fen,
            reason=command.reason,
            withdrawn_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]
