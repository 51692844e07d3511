"""An application for a grant: where it stands after what happened to it along its chain.

Handed in by `applying.py`, then `handling.py`, `reviewing.py`, `approval.py`; taken back by `withdrawal.py`.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.failures import NotFound, Refused
from services.relief.application_events import (
    ApplicationApproved,
    ApplicationEvent,
    ApplicationMade,
    ApplicationRefused,
    ApplicationResubmitted,
    ApplicationReturned,
    ApplicationReviewed,
    ApplicationWithdrawn,
    HomeVisited,
    LaterEvent,
    NoticeClosed,
    NoticePublished,
    RegistersCompared,
)
from services.relief.kinds import Programme


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


application = Aggregate("application", Unmade(), evolve, ApplicationEvent)


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
