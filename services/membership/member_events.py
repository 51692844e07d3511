"""What can have happened to a person's membership at this station."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Literal

from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.fields import Id, Sealed, StationCode, Text

Sex = Literal["female", "male"]


Employment = Literal["in_service", "retired", "unemployed"]


Entrance = Literal["registered", "joined", "rejoined"]


Identifying = Annotated[str, Sealed("identity")]

# These shapes are kept for ever.


@dataclass(frozen=True, kw_only=True)
class Admitted:
    """What is written down of whoever becomes a member, however that comes about."""

    person_id: Id
    union_id: Id
    name: Identifying
    identity_number: Identifying
    phone: Identifying | None = None
    sex: Sex
    birth_year: int
    employment: Employment
    occurred_on: date


@event()
class MemberRegistered(Admitted):
    """A member who was one already when the station's register was opened."""

    import_id: Id | None = None


@event()
class MemberJoined(Admitted):
    """A worker joined a union."""

    import_id: Id | None = None


@event()
class MemberRejoined(Admitted):
    """A former member of this station joined again."""

    import_id: Id | None = None


@event()
class MemberCorrected:
    """The name or telephone that stood in the register was wrong."""

    person_id: Id
    name: Identifying | None = None
    phone: Identifying | None = None
    occurred_on: date


@event()
class MemberTransferred:
    """A member moved to another union of this station."""

    person_id: Id
    from_union_id: Id
    to_union_id: Id
    occurred_on: date


@event()
class TransferRequested:
    """A member asked to move to another station; the member counts here until accepted there."""

    person_id: Id
    to_station: StationCode
    occurred_on: date


@event()
class MemberMovedIn(Admitted):
    """This station accepted a member from another one."""

    from_station: StationCode


@event()
class MemberMovedOut:
    """Another station accepted this station's member, on this day."""

    person_id: Id
    union_id: Id
    to_station: StationCode
    occurred_on: date


@event()
class MemberLeft:
    """A member left of their own will."""

    person_id: Id
    union_id: Id
    occurred_on: date


@event()
class MemberExpelled:
    """A member was expelled by decision."""

    person_id: Id
    union_id: Id
    decision: Text
    occurred_on: date


@event()
class MemberDied:
    """A member died."""

    person_id: Id
    union_id: Id
    occurred_on: date


@event()
class AdmissionUndone:
    """An admission from a roster that should not have been; on the day of that admission, as if it had never been.

    `former_union_id` and `former_since` are what the person was before: a former member who had joined again.
    """

    person_id: Id
    union_id: Id
    import_id: Id
    entrance: Entrance
    sex: Sex
    employment: Employment
    former_union_id: Id | None = None
    former_since: date | None = None
    occurred_on: date


@event()
class PersonErased:
    """The person's data must no longer be readable; their keys are destroyed because of this."""

    person_id: Id
    ground: Text
    occurred_on: date


MemberEvent = (
    MemberRegistered
    | MemberJoined
    | MemberRejoined
    | MemberCorrected
    | MemberTransferred
    | TransferRequested
    | MemberMovedIn
    | MemberMovedOut
    | MemberLeft
    | MemberExpelled
    | MemberDied
    | AdmissionUndone
    | PersonErased
)
