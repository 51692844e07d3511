"""An agreement about a venue (场地) where activities may be held."""

from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import ClearText, Id, Text
from services.activities.once import evolve_once, once

# These shapes are kept for ever.


@event()
class VenueAgreementSigned:
    """The station and the keeper of a venue signed an agreement."""

    agreement_id: Id
    venue: Text
    occurred_on: date


@command
class SignVenueAgreement:
    """Enter an agreement about a venue."""

    agreement_id: Id
    venue: ClearText
    occurred_on: date


class AgreementIdTaken(Refused):
    """Another agreement has this id."""


def sign_venue_agreement(
    command: SignVenueAgreement, agreement: VenueAgreementSigned | None
) -> list[VenueAgreementSigned]:
    signed = VenueAgreementSigned(
        agreement_id=command.agreement_id, venue=command.venue, occurred_on=command.occurred_on
    )
    taken = AgreementIdTaken(f"the agreement id {command.agreement_id} is taken", agreement_id=command.agreement_id)
    return once(agreement, signed, taken)


venue_agreement = Aggregate("venue_agreement", None, evolve_once, VenueAgreementSigned)
