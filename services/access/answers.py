"""What access answers: the shape of the answer to each of its questions."""

from typing import Annotated, Literal, TypedDict

from lastmile.kernel.domain.answers import Day, Instant
from services.access.household import Kinship
from services.access.kinds import Way
from services.access.role import RoleName
from services.access.session import Reason
from services.access.stand_in import StoodInFor

Name = Annotated[str, "Empty once the person was erased."]
Outcome = Literal["signed_in", "unknown_name", Reason]
ConfirmedUntil = Annotated[str, "Until when the second factor counts (RFC 3339); empty where none was given lately."]


class RoleHeld(TypedDict):
    """A role held today, at whatever station."""

    station: str
    role: RoleName
    community: Annotated[str, "Of a community chair; empty for all others."]
    until: Annotated[str, "The last day of standing in; empty for a granted role."]


class _Registered(TypedDict):
    person_id: str
    name: Name
    account_name: Annotated[str, "Empty without an account."]
    account: Literal["none", "open", "closed"]
    must_change_password: bool
    has_second_factor: bool
    roles: list[RoleHeld]


class PersonListed(_Registered):
    """Someone registered at the station, and how they sign in."""


class StandIn(TypedDict):
    """Who stands in for a role, on which days, both included."""

    person_id: str
    role: StoodInFor
    valid_from: Day
    valid_to: Day
    named_by: str


class SessionLiving(TypedDict):
    """A session that lives."""

    session_id: str
    way: Way
    opened_at: Instant
    used_at: Instant
    ends_at: Instant
    address: Annotated[str, "Where it was opened from."]


class HouseholdMember(TypedDict):
    """A member for whom aid is aid for the person too; `station` is where that was said."""

    member_id: str
    kinship: Kinship
    station: str


class RecoveryStep(TypedDict):
    """A step of a recovery to which nobody agreed yet."""

    step: Literal["waived", "reset", "opened_again", "linked"]
    done_by: str
    done_on: Day


class Person(_Registered):
    """One person, with terms of standing in, sessions that live, household, and a recovery that waits.

    It has no version: it is made of account, roles, terms, sessions and household, each with its own.
    """

    stand_ins: list[StandIn]
    sessions: list[SessionLiving]
    household: list[HouseholdMember]
    recovery: list[RecoveryStep]


class RecoveryWaiting(TypedDict):
    """A recovery that waits for the asker to agree; its steps, oldest first."""

    person_id: str
    name: Name
    steps: list[RecoveryStep]


class RecoveriesWaiting(TypedDict):
    """The recoveries that wait for the asker to agree."""

    rows: list[RecoveryWaiting]
    count: int


class StandIns(TypedDict):
    """Who stands in for which role, now or later."""

    stand_ins: list[StandIn]


class Sessions(TypedDict):
    """The asker's own sessions that live."""

    sessions: list[SessionLiving]


class SignInListed(TypedDict):
    """A sign-in, or one that was refused."""

    session_id: str
    at: Instant
    person_id: Annotated[str, "Empty where the account name was nobody's."]
    name: Name
    way: Way
    outcome: Outcome
    address: Annotated[str, "Empty where the account name was nobody's."]


class SystemListed(TypedDict):
    """A system that was registered here."""

    client_id: str
    name: str
    scopes: list[str]
    since: Day
    withdrawn: bool


class Names(TypedDict):
    """Names by id of those who are registered."""

    names: dict[str, str]


class KnownAt(TypedDict):
    """The station at which a system or a subject of single sign-on is known."""

    station: str


class SignedIdentity(TypedDict):
    """A signed identity."""

    token: str


class SessionOfToken(TypedDict):
    """Whose session a token is, in which role, with the signed identity for it."""

    session_id: str
    person_id: str
    account_name: str
    name: str
    home_station: str
    station: str
    role: RoleName
    community: str
    roles: list[RoleHeld]
    scopes: list[str]
    must_change_password: bool
    has_second_factor: bool
    recovery_waits: Annotated[bool, "Whether somebody has to agree before a second factor counts."]
    confirmed_until: ConfirmedUntil
    identity: str
    opened_at: Instant
    ends_at: Instant
    use_due: Annotated[bool, "Whether UseSession is to be told."]
    use_key: Annotated[str, "Under which key it is told."]
