"""What can have happened to an application for a grant, along its chain."""

from datetime import date

from lastmile.kernel.domain.events import event
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
