"""What membership answers: the shape of the answer to each of its questions."""

from typing import Annotated, Any, Literal, NotRequired, TypedDict

from lastmile.kernel.domain.answers import Day, Version
from services.membership.honour import Service, Title
from services.membership.member_events import Employment, Sex
from services.membership.union import UnionKind

Sha256 = Annotated[str, "SHA-256 of the file, in hex."]
Draft = Annotated[str, "What was checked, sealed: to be sent back by the same person on the same day."]
CardState = Literal["none", "waiting", "live", "lost"]
RowStatus = Literal["new", "again", "known", "wrong"]


class _MemberRow(TypedDict):
    person_id: str
    name: Annotated[str, "Masked for the district; none once the person was erased."] | None
    union_id: str
    union_name: str | None
    community: str | None
    living: Annotated[bool, "Whether they are a member now."]
    since: Annotated[Day, "Since when they are a member, or are none any more."]
    sex: Sex
    birth_year: int
    employment: Employment


class MemberListed(_MemberRow):
    """A row of the register of members."""

    card: CardState


class CardOfMember(TypedDict):
    """How it stands with a member's card; `lost`: what is waited for replaces a lost one."""

    status: CardState
    since: NotRequired[Day]
    application_number: NotRequired[int]
    lost: NotRequired[bool]


class HonourHeld(TypedDict):
    """An honour that a member holds."""

    title: Title
    service: Service
    since: Day


class Member(_MemberRow):
    """One member; `sealed` names each field that stands as ciphertext with the position of the entry that says it.

    The version is the membership's; the card and each honour have their own.
    """

    version: Version
    card: CardOfMember
    honours: list[HonourHeld]
    sealed: dict[str, int]


class UnionListed(TypedDict):
    """A union, with how many members and covered employers it has."""

    union_id: str
    name: str
    kind: UnionKind
    community: str
    ended: bool
    since: Day
    members: int
    employers: int


class Union(UnionListed):
    """One union; its members have versions of their own."""

    version: Version


class Community(TypedDict):
    """A community that the station serves."""

    community: Annotated[str, "Its id."]
    name: str


class CardListed(TypedDict):
    """A card that is live or was reported lost."""

    person_id: str
    name: str | None
    status: Literal["live", "lost"]
    since: Day


class CardApplication(TypedDict):
    """An application for a card."""

    application_number: int
    person_id: str
    name: str | None
    for_lost: bool
    applied_on: Day
    status: Literal["waiting", "issued", "ended"]
    done_on: Day | None


class File(TypedDict):
    """A file to save."""

    name: Annotated[str, "What to call it."]
    file: Annotated[str, "Its bytes in base64."]


class Said(TypedDict):
    """What is wrong with a row, in Chinese and in English."""

    zh: str
    en: str


class NumberRow(TypedDict):
    """What would become of one row of card numbers."""

    row: Annotated[int, "Its number in the file."]
    status: RowStatus
    name: str
    application_number: Annotated[str, "As the file says it."]
    problems: list[Said]


class NumbersChecked(TypedDict):
    """What would become of a file of card numbers; the first rows of each kind are shown."""

    rows: int
    counts: Annotated[dict[str, int], "How many rows by status."]
    wrong: list[NumberRow]
    fine: list[NumberRow]
    draft: Draft


class NumberOrder(TypedDict):
    """An order that takes in the number of one row."""

    row: int
    command: Literal["IssueCard", "ReplaceCard"]
    command_id: str
    body: dict[str, Any]


class NumberOrders(TypedDict):
    """What to order so that the numbers are taken in."""

    orders: list[NumberOrder]


class RosterImport(TypedDict):
    """A roster that was brought in; `left`: how many its undoing left alone, since something came after."""

    import_id: str
    rows: int
    opened_on: Day
    opened_by: str
    status: Literal["open", "confirmed", "undone"]
    admitted: int
    undone: int
    left: int


class RosterRow(TypedDict):
    """What would become of one row of a roster."""

    row: Annotated[int, "Its number in the file."]
    status: RowStatus
    name: str
    union: Annotated[str, "As the file says it."]
    problems: list[Said]


class RosterChecked(TypedDict):
    """What would become of a roster; the first rows of each kind are shown."""

    import_id: str
    file_sha256: Sha256
    rows: int
    counts: Annotated[dict[str, int], "How many rows by status."]
    wrong: list[RosterRow]
    fine: list[RosterRow]
    earlier: RosterImport | None
    draft: Draft


class RosterOrder(TypedDict):
    """An order that brings in one row."""

    row: int
    command_id: str
    body: dict[str, Any]


class RosterOrders(TypedDict):
    """What to order so that a roster is brought in: first OpenImport, then these, then ConfirmImport."""

    import_id: str
    file_sha256: Sha256
    rows: int
    command: Literal["JoinMember", "RegisterMember"]
    orders: list[RosterOrder]


class Touched(TypedDict):
    """A person whom an import admitted and to whom something came after."""

    person_id: str
    name: str | None


class RosterImported(RosterImport):
    """One import, and what became of the persons whom it admitted: `standing` may still be undone.

    The version is the import's; each membership has its own.
    """

    version: Version
    standing: Annotated[list[str], "Ids of persons."]
    touched: list[Touched]
    undone_persons: int
