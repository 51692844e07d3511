"""What decisions of activities read, under the log's lock, beyond their own stream."""

from lastmile.kernel.store.execution import Reading
from services.activities import activity, announcing, enrolment, swiping
from services.activities.views import activities_of_month, card_holders, enrolments, standing_swipes

Concerning = announcing.CancelActivity | enrolment.EnrolMember | enrolment.MarkNoShow
Swiping = swiping.RecordSwipe | swiping.SettleSwipe


def activity_now(reading: Reading, command: Concerning | Swiping, _prepared: object) -> activity.ActivityNow | None:
    return activities_of_month.activity_now(reading.connection, reading.station, command.activity_id)


def swiped(reading: Reading, command: Swiping, prepared: str | None) -> swiping.SwipeFacts:
    card_token = command.card_token if isinstance(command, swiping.SettleSwipe) else prepared
    assert card_token is not None
    connection, station, activity_id = reading.connection, reading.station, command.activity_id
    holder = card_holders.holder_on(connection, station, card_token, command.occurred_on)
    by_whom: swiping.SettleSwipe | swiping.Holder | None = (
        command if isinstance(command, swiping.SettleSwipe) else holder
    )
    return swiping.SwipeFacts(
        card_token=card_token,
        activity=activity_now(reading, command, None),
        holder=holder,
        by_another_card=by_whom is not None
        and standing_swipes.by_another_card(connection, station, activity_id, by_whom.person_id, card_token),
    )


def enrolling(reading: Reading, command: enrolment.EnrolMember, _prepared: None) -> enrolment.EnrolmentFacts:
    return enrolment.EnrolmentFacts(
        activity=activity_now(reading, command, None),
        ahead=enrolments.ahead_of(reading.connection, reading.station, command.activity_id, command.person_id),
    )
