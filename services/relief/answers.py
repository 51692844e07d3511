"""What relief answers: the shape of the answer to each of its questions."""

from typing import Annotated, Any, Literal, TypedDict

from lastmile.kernel.domain.answers import Day, Instant, Version
from services.relief.answers_on_money import LineState
from services.relief.case import EndReason
from services.relief.kinds import Category, Programme, Source

Since = Annotated[Day, "The day of the last step."]
State = Literal[
    "in_hand", "reviewed", "on_notice", "unopposed", "returned", "refused", "withdrawn", "approved", LineState
]
Flag = Literal["near_ceiling", "above_ceiling", "no_policy", "changed", "above_usual", "second_aid", "file_closed"]


class OpenApplication(TypedDict):
    """An application that was neither refused nor signed for."""

    application_id: str
    person_id: str
    programme: Programme
    fund_id: str
    amount_fen: int
    state: State
    since: Since


class ApplicationListed(OpenApplication):
    """An application; `amount_fen` is what is asked for now, `asked_fen` what was asked for at first."""

    asked_fen: int
    applied_on: Day
    notice_until: Day | None
    approved_on: Day | None
    pay_list_id: str | None


class Step(TypedDict):
    """A step of an application, or of its payment; `payload` without what stands sealed."""

    event_id: str
    position: int
    type: str
    on: Day
    recorded_at: Instant
    by: str
    role: str
    payload: dict[str, Any]


class Changed(TypedDict):
    """Something that was said otherwise later than at first, an objection, or a return."""

    what: Literal["amount_fen", "finding", "clear", "returned", "objections"]
    before: int | str | bool | None
    after: int | str | bool | None
    on: Day
    by: str


class NextStep(TypedDict):
    """An order that may come next; `mine`: whether the asker is not among those barred from it."""

    command: str
    roles: list[str]
    barred: Annotated[list[str], "Ids of persons."]
    mine: bool


class FileOfHousehold(TypedDict):
    """The case file of the household."""

    category: Category
    persons: int
    open: bool


class FundOfApplication(TypedDict):
    """The fund that is asked, and what of its budget may still be approved."""

    source: Source
    left_fen: int


class PolicyOfToday(TypedDict):
    """The policy that is in force today."""

    policy_id: str
    document_number: str
    ceiling_fen: int
    notice_days: int


class Application(ApplicationListed):
    """One application, whole: its steps in order of recording, what changed since it was submitted, what is next.

    Its payment has a version of its own.
    """

    version: Version
    steps: list[Step]
    changed: list[Changed]
    next: list[NextStep]
    file: FileOfHousehold | None
    fund: FundOfApplication | None
    policy: PolicyOfToday | None
    account_recorded_on: Day | None


class Waiting(TypedDict):
    """An application that waits for its approval; one with a flag is approved singly."""

    application_id: str
    person_id: str
    programme: Programme
    fund_id: str
    asked_fen: int
    amount_fen: int
    applied_on: Day
    since: Since
    notice_until: Day | None
    category: Category | None
    persons: int | None
    policy_id: str | None
    ceiling_fen: int | None
    flags: list[Flag]
    barred: Annotated[list[Literal["own_aid", "own_hand", "own_terms"]], "Why the asker may not approve it."]


class ApprovalsWaiting(TypedDict):
    """What waits for an approval, and its sum."""

    rows: list[Waiting]
    count: int
    amount_fen: int


class CaseFile(TypedDict):
    """The file of a household; `exit_by` is the day by which it is to leave, `membership_ended` why it ended."""

    person_id: str
    category: Category
    persons: int
    since: Annotated[Day, "The day on which it was opened."]
    exit_by: Day | None
    membership_ended: EndReason | None


class Household(CaseFile):
    """One household: its file, whether money can reach it, and what it applied for.

    The version is the file's; each application has its own.
    """

    version: Version
    open: bool
    died: bool
    account_recorded_on: Day | None
    account_recorded_by: str | None
    applications: list[ApplicationListed]


class NoticeRow(TypedDict):
    """What a public notice says of one application."""

    application_id: str
    person_id: str
    category: Category | None
    amount_fen: int
    noticed_on: Annotated[Day, "None once the notice was closed."] | None
    notice_until: Day
    state: State


class Notice(TypedDict):
    """What stands on a public notice."""

    rows: list[NoticeRow]
    count: int
