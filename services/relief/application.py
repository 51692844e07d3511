"""An application for a grant along its chain: made, visited, compared, reviewed, on public notice (公示), approved."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Actor, Fen, Id, Text, Word
from services.relief.kinds import Count, Hardship, Programme
from services.relief.rules import NoSuchFund, PersonDied, SelfApproval, SelfReview, not_before, within_budget

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
    occurred_on: date


@event()
class NoticeClosed:
    """The window for objections passed; with objections the application goes back to review."""

    application_id: Id
    objections: Count
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

    by: str


@dataclass(frozen=True)
class Ended:
    """Refused."""


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
            return _further(state, _after(state.paper, event), event) if isinstance(state, Underway) else state


def _further(state: Underway, paper: Paper, event: LaterEvent) -> ApplicationState:
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
        case ApplicationRefused():
            return Ended()
        case ApplicationApproved():
            return Approved(event.approved_by)
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
        case _:
            return paper


@command
class Apply:
    """Enter a household's application."""

    application_id: Id
    person_id: Id
    programme: Programme
    fund_id: Id
    amount_fen: Fen
    ground: Text
    by: Actor
    occurred_on: date


@command
class RecordHomeVisit:
    """Enter what a visit at home found, as a code word."""

    application_id: Id
    finding: Word
    by: Actor
    occurred_on: date


@command
class RecordComparison:
    """Enter whether the registers are clear."""

    application_id: Id
    clear: bool
    by: Actor
    occurred_on: date


@command
class ReviewApplication:
    """Find the application in order."""

    application_id: Id
    by: Actor
    occurred_on: date


@command
class ReturnApplication:
    """Send the application back to be put right."""

    application_id: Id
    reason: Word
    by: Actor
    occurred_on: date


@command
class ResubmitApplication:
    """Hand a returned application in again."""

    application_id: Id
    amount_fen: Fen
    by: Actor
    occurred_on: date


@command
class RefuseApplication:
    """Refuse the application, which ends it."""

    application_id: Id
    reason: Word
    by: Actor
    occurred_on: date


@command
class PublishNotice:
    """Put the grant on public notice."""

    application_id: Id
    occurred_on: date


@command
class CloseNotice:
    """Enter how many objections came until the window passed."""

    application_id: Id
    objections: Count
    occurred_on: date


@command
class ApproveApplication:
    """Approve the grant."""

    application_id: Id
    by: Actor
    occurred_on: date


class ApplicationIdTaken(Refused):
    """Another application has this id."""


class NotAtThisStep(Refused):
    """The application is at another step of its chain."""


class NotVisitedAndCompared(Refused):
    """Before review the household is visited and found clear in the registers."""


class NoPolicyInForce(Refused):
    """No policy of the programme is valid here on that day."""


class NoticeStillOpen(Refused):
    """The window for objections has not passed."""


class CeilingExceeded(Refused):
    """The amount is above the ceiling of the policy."""


class NoCaseOnFile(Refused):
    """Grants are for households on file."""


@dataclass(frozen=True)
class Terms:
    """The policy valid on the day: its id, ceiling and notice days."""

    policy_id: str
    ceiling_fen: int
    notice_days: int


@dataclass(frozen=True)
class ApplyFacts:
    """The programme of the fund named, None if there is no such fund; and whether the person died."""

    fund_programme: str | None
    died: bool = False


@dataclass(frozen=True)
class ApprovalFacts:
    """What an approval depends on beside the application: policy, money left, and the file."""

    terms: Terms | None
    budget_left_fen: int | None
    case_open: bool
    died: bool = False


def apply(command: Apply, application: ApplicationState, facts: ApplyFacts) -> list[ApplicationEvent]:
    if isinstance(application, InHand) and not application.again and _says_the_same(application.paper, command):
        return []
    if not isinstance(application, Unmade):
        raise ApplicationIdTaken(f"the id {command.application_id} is taken", application_id=command.application_id)
    if facts.fund_programme != command.programme:
        raise NoSuchFund(f"there is no fund {command.fund_id} for {command.programme}", fund_id=command.fund_id)
    if facts.died:
        raise PersonDied(person_id=command.person_id)
    return [
        ApplicationMade(
            application_id=command.application_id,
            person_id=command.person_id,
            programme=command.programme,
            fund_id=command.fund_id,
            amount_fen=command.amount_fen,
            ground=command.ground,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def record_home_visit(command: RecordHomeVisit, application: ApplicationState) -> list[ApplicationEvent]:
    paper = _in_hand(command.application_id, application).paper
    if paper.finding == command.finding:
        return []
    _no_reviewer(command.application_id, command.by, paper)
    return [
        HomeVisited(
            application_id=command.application_id,
            finding=command.finding,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def record_comparison(command: RecordComparison, application: ApplicationState) -> list[ApplicationEvent]:
    paper = _in_hand(command.application_id, application).paper
    if paper.clear == command.clear:
        return []
    _no_reviewer(command.application_id, command.by, paper)
    return [
        RegistersCompared(
            application_id=command.application_id,
            clear=command.clear,
            handled_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def review_application(command: ReviewApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Reviewed) and application.by == command.by:
        return []
    paper = _in_hand(command.application_id, application).paper
    if command.by in paper.handled_by:
        raise SelfReview(f"{command.by} handled it", application_id=command.application_id)
    if paper.finding is None or paper.clear is not True:
        raise NotVisitedAndCompared(application_id=command.application_id)
    not_before(command.occurred_on, paper.on)
    return [
        ApplicationReviewed(
            application_id=command.application_id, reviewed_by=command.by, occurred_on=command.occurred_on
        )
    ]


def return_application(command: ReturnApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Returned):
        return []
    _underway(command.application_id, application)
    return [
        ApplicationReturned(
            application_id=command.application_id,
            reason=command.reason,
            returned_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def resubmit_application(command: ResubmitApplication, application: ApplicationState) -> list[ApplicationEvent]:
    match application:
        case Returned(paper=paper):
            _no_reviewer(command.application_id, command.by, paper)
            not_before(command.occurred_on, paper.on)
            return [
                ApplicationResubmitted(
                    application_id=command.application_id,
                    amount_fen=command.amount_fen,
                    handled_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case InHand(paper=paper, again=True) if paper.amount_fen == command.amount_fen:
            return []
        case _:
            raise _elsewhere(command.application_id, application)


def refuse_application(command: RefuseApplication, application: ApplicationState) -> list[ApplicationEvent]:
    if isinstance(application, Ended):
        return []
    _underway(command.application_id, application)
    return [
        ApplicationRefused(
            application_id=command.application_id,
            reason=command.reason,
            refused_by=command.by,
            occurred_on=command.occurred_on,
        )
    ]


def publish_notice(
    command: PublishNotice, application: ApplicationState, terms: Terms | None
) -> list[ApplicationEvent]:
    match application:
        case Reviewed(paper=paper):
            not_before(command.occurred_on, paper.on)
            terms = _in_force(paper.programme, command.occurred_on, terms)
            return [
                NoticePublished(
                    application_id=command.application_id,
                    policy_id=terms.policy_id,
                    notice_until=command.occurred_on + timedelta(days=terms.notice_days),
                    occurred_on=command.occurred_on,
                )
            ]
        case OnNotice():
            return []
        case _:
            raise _elsewhere(command.application_id, application)


def close_notice(command: CloseNotice, application: ApplicationState) -> list[ApplicationEvent]:
    match application:
        case OnNotice(until=until):
            if command.occurred_on < until:
                raise NoticeStillOpen(f"the notice runs until {until}", application_id=command.application_id)
            return [
                NoticeClosed(
                    application_id=command.application_id,
                    objections=command.objections,
                    occurred_on=command.occurred_on,
                )
            ]
        case Unopposed() if command.objections == 0:
            return []
        case _:
            raise _elsewhere(command.application_id, application)


def approve_application(
    command: ApproveApplication, application: ApplicationState, facts: ApprovalFacts
) -> list[ApplicationEvent]:
    match application:
        case Approved(by=by) if by == command.by:
            return []
        case Unopposed(paper=paper):
            terms = _approvable(command, paper, facts)
            return [
                ApplicationApproved(
                    application_id=command.application_id,
                    person_id=paper.person_id,
                    programme=paper.programme,
                    fund_id=paper.fund_id,
                    policy_id=terms.policy_id,
                    amount_fen=paper.amount_fen,
                    approved_by=command.by,
                    occurred_on=command.occurred_on,
                )
            ]
        case OnNotice(until=until):
            raise NoticeStillOpen(f"the notice runs until {until}", application_id=command.application_id)
        case _:
            raise _elsewhere(command.application_id, application)


def _approvable(command: ApproveApplication, paper: Paper, facts: ApprovalFacts) -> Terms:
    """The terms to approve under. The rules, in the order in which a chair would ask."""
    if command.by in paper.handled_by | paper.reviewed_by:
        raise SelfApproval(f"{command.by} handled or reviewed it", application_id=command.application_id)
    not_before(command.occurred_on, paper.on)
    if facts.died:
        raise PersonDied(person_id=paper.person_id)
    if not facts.case_open:
        raise NoCaseOnFile(f"{paper.person_id} has no open file", person_id=paper.person_id)
    terms = _in_force(paper.programme, command.occurred_on, facts.terms)
    if paper.amount_fen > terms.ceiling_fen:
        raise CeilingExceeded(
            f"{paper.amount_fen} fen is above the ceiling of {terms.ceiling_fen}", policy_id=terms.policy_id
        )
    within_budget(paper.fund_id, paper.amount_fen, facts.budget_left_fen)
    return terms


def _in_force(programme: str, day: date, terms: Terms | None) -> Terms:
    if terms is None:
        raise NoPolicyInForce(f"no policy for {programme} is valid on {day}")
    return terms


def _no_reviewer(application_id: str, by: str, paper: Paper) -> None:
    """Who reviewed an application once does not handle it when it comes back."""
    if by in paper.reviewed_by:
        raise SelfReview(f"{by} reviewed it", application_id=application_id)


def _says_the_same(paper: Paper, command: Apply) -> bool:
    said = (command.person_id, command.programme, command.fund_id, command.amount_fen)
    return (paper.person_id, paper.programme, paper.fund_id, paper.amount_fen) == said


def _in_hand(application_id: str, application: ApplicationState) -> InHand:
    if isinstance(application, InHand):
        return application
    raise _elsewhere(application_id, application)


def _underway(application_id: str, application: ApplicationState) -> Underway:
    if isinstance(application, Underway):
        return application
    raise _elsewhere(application_id, application)


def _elsewhere(application_id: str, application: ApplicationState) -> Refused | NotFound:
    if isinstance(application, Unmade):
        return NotFound(f"there is no application {application_id}", application_id=application_id)
    step = type(application).__name__
    return NotAtThisStep(f"the application {application_id} is {step}", application_id=application_id, step=step)


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
    ),
)
