"""An application for a grant: what can have happened to it along its chain, and where it stands then.

From the household's wish to the review stands in `handling.py`, notice and approval in `approval.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Fen, Id, Word
from services.relief.kinds import Count, Hardship, Programme

# These shapes are kept for ever.


@event()
class ApplicationMade:
    """A household applied; who entered it handles it from here on."""

    application_id: Id
    person_id: Id
    programme: Programme
    fund_id: Id
    amount_fen: Fen
    ground: Hardship
    handled_by: Id
    occurred_on: date


@event()
class HomeVisited:
    """The household was visited at home."""

    application_id: Id
    finding: Word
    handled_by: Id
    occurred_on: date


@event()
class RegistersCompared:
    """The household was compared with the property, vehicle and business registers; nothing was found if `clear`."""

    application_id: Id
    clear: bool
    handled_by: Id
    occurred_on: date


@event()
class ApplicationReviewed:
    """The application was found in order."""

    application_id: Id
    reviewed_by: Id
    occurred_on: date


@event()
class NoticePublished:
    """The grant was put on public notice, for the days that the policy sets."""

    application_id: Id
    policy_id: Id
    notice_until: date
    published_by: Id | None = None
    occurred_on: date


@event()
class NoticeClosed:
    """The window for objections passed; with objections the application goes back to review."""

    application_id: Id
    objections: Count
    closed_by: Id | None = None
    occurred_on: date


@event()
class ApplicationReturned:
    """The application was sent back to be put right."""

    application_id: Id
    reason: Word
    returned_by: Id
    occurred_on: date


@event()
class ApplicationResubmitted:
    """A returned application came again."""

    application_id: Id
    amount_fen: Fen
    handled_by: Id
    occurred_on: date


@event()
class ApplicationRefused:
    """The application was refused, which ends it."""

    application_id: Id
    reason: Word
    refused_by: Id
    occurred_on: date


@event()
class ApplicationApproved:
    """The grant was approved under this policy; the fund's budget is bound by it."""

    application_id: Id
    person_id: Id
    programme: Programme
    fund_id: Id
    policy_id: Id
    amount_fen: Fen
    approved_by: Id
    occurred_on: date


@event()
class ApplicationWithdrawn:
    """The household wants it no more, or the person died; `released_fen` is what an approval had bound."""

    application_id: Id
    person_id: Id
    fund_id: Id
    released_fen: Count
    reason: Word
    withdrawn_by: Id
    occurred_on: date


LaterEvent = (
    HomeVisited
    | RegistersCompared
    | ApplicationReviewed
    | NoticePublished
    | NoticeClosed
    | ApplicationReturned
    | ApplicationResubmitted
    | ApplicationRefused
    | ApplicationApproved
    | ApplicationWithdrawn
)
ApplicationEvent = ApplicationMade | LaterEvent


@dataclass(frozen=True)
class Paper:
    """What stands on the application, whose hands it went through, and the date of its last step."""

    person_id: str
    programme: Programme
    fund_id: str
    amount_fen: int
    on: date
    handled_by: frozenset[str]
    reviewed_by: frozenset[str] = frozenset()
    noticed_by: frozenset[str] = frozenset()
    finding: str | None = None
    clear: bool | None = None


@dataclass(frozen=True)
class Unmade:
    """No such application yet."""


@dataclass(frozen=True)
class InHand:
    """Being handled; `again` after it was returned and resubmitted."""

    paper: Paper
    again: bool = False


@dataclass(frozen=True)
class Reviewed:
    """Found in order."""

    paper: Paper
    by: str


@dataclass(frozen=True)
class OnNotice:
    """Before the public, until a day."""

    paper: Paper
    until: date


@dataclass(frozen=True)
class Unopposed:
    """Nobody objected."""

    paper: Paper


@dataclass(frozen=True)
class Returned:
    """Sent back."""

    paper: Paper


@dataclass(frozen=True)
class Approved:
    """Granted."""

    paper: Paper
    by: str


@dataclass(frozen=True)
class Ended:
    """Refused or withdrawn."""


ApplicationState = Unmade | InHand | Reviewed | OnNotice | Unopposed | Returned | Approved | Ended
Underway = InHand | Reviewed | OnNotice | Unopposed | Returned


def evolve(state: ApplicationState, event: ApplicationEvent) -> ApplicationState:
    match event:
        case ApplicationMade():
            handled_by = frozenset({event.handled_by})
            return InHand(
                Paper(event.person_id, event.programme, event.fund_id, event.amount_fen, event.occurred_on, handled_by)
            )
        case _:
            return _further(state, event)


def _further(state: ApplicationState, event: LaterEvent) -> ApplicationState:
    match state:
        case Approved() if isinstance(event, ApplicationWithdrawn):
            return Ended()
        case Unmade() | Approved() | Ended():
            return state
        case _:
            return _next(state, _after(state.paper, event), event)


def _next(state: Underway, paper: Paper, event: LaterEvent) -> ApplicationState:
    match event:
        case HomeVisited() | RegistersCompared():
            return replace(state, paper=paper)
        case ApplicationReviewed():
            return Reviewed(paper, event.reviewed_by)
        case NoticePublished():
            return OnNotice(paper, event.notice_until)
        case NoticeClosed():
            return InHand(paper) if event.objections else Unopposed(paper)
        case ApplicationReturned():
            return Returned(paper)
        case ApplicationResubmitted():
            return InHand(paper, again=True)
        case ApplicationRefused() | ApplicationWithdrawn():
            return Ended()
        case ApplicationApproved():
            return Approved(paper, event.approved_by)
        case _:
            assert_never(event)


def _after(paper: Paper, event: LaterEvent) -> Paper:
    """The paper with what the event writes on it."""
    paper = replace(paper, on=max(paper.on, event.occurred_on))
    match event:
        case HomeVisited():
            return replace(paper, handled_by=paper.handled_by | {event.handled_by}, finding=event.finding)
        case RegistersCompared():
            return replace(paper, handled_by=paper.handled_by | {event.handled_by}, clear=event.clear)
        case ApplicationResubmitted():
            return replace(paper, handled_by=paper.handled_by | {event.handled_by}, amount_fen=event.amount_fen)
        case ApplicationReviewed():
            return replace(paper, reviewed_by=paper.reviewed_by | {event.reviewed_by})
        case NoticePublished(published_by=str(by)) | NoticeClosed(closed_by=str(by)):
            return replace(paper, noticed_by=paper.noticed_by | {by})
        case _:
            return paper


application = Aggregate(
    "application",
    Unmade(),
    evolve,
    (
        ApplicationMade,
        HomeVisited,
        RegistersCompared,
        ApplicationReviewed,
        NoticePublished,
        NoticeClosed,
        ApplicationReturned,
        ApplicationResubmitted,
        ApplicationRefused,
        ApplicationApproved,
        ApplicationWithdrawn,
    ),
)


class NotAtThisStep(Refused):
    """The application is at another step of its chain."""


def in_hand(application_id: str, application: ApplicationState) -> InHand:
    if isinstance(application, InHand):
        return application
    raise at_another_step(application_id, application)


def underway(application_id: str, application: ApplicationState) -> Underway:
    if isinstance(application, Underway):
        return application
    raise at_another_step(application_id, application)


def at_another_step(application_id: str, application: ApplicationState) -> Refused | NotFound:
    if isinstance(application, Unmade):
        return NotFound(f"there is no application {application_id}", application_id=application_id)
    step = type(application).__name__
    return NotAtThisStep(f"the application {application_id} is {step}", application_id=application_id, step=step)
