"""What activities is: its commands, what each decision reads, its views, questions, copy and reactions, as data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.execution import Reading, WorkPlace
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.activities import activity, enrolment, goods, hand_out, quiz, swipe, training, venue, visit
from services.activities.heard import HEARD
from services.activities.permissions import PERMISSIONS
from services.activities.reactions import REACTIONS
from services.activities.schemas import OfActivity, OfMonth
from services.activities.tables import activities_tables
from services.activities.views import activities_of_month, card_holders, enrolments, standing_swipes, waiting_swipes
from services.activities.views import activity as one_activity

Numbered = swipe.RecordSwipe | swipe.AnnulSwipe
Concerning = activity.CancelActivity | enrolment.EnrolMember | enrolment.MarkNoShow
Swiping = swipe.RecordSwipe | swipe.SettleSwipe


def card_tokens(place: WorkPlace, commands: list[Numbered]) -> list[str]:
    return [place.keystore.master.blind("card number", command.card_number) for command in commands]


def activity_now(reading: Reading, command: Concerning | Swiping, _prepared: object) -> activity.ActivityNow | None:
    return activities_of_month.activity_now(reading.connection, reading.station, command.activity_id)


def swipe_facts(reading: Reading, command: Swiping, prepared: str | None) -> swipe.SwipeFacts:
    card_token = command.card_token if isinstance(command, swipe.SettleSwipe) else prepared
    assert card_token is not None
    connection, station, activity_id = reading.connection, reading.station, command.activity_id
    holder = card_holders.holder_on(connection, station, card_token, command.occurred_on)
    by_whom: swipe.SettleSwipe | swipe.Holder | None = command if isinstance(command, swipe.SettleSwipe) else holder
    return swipe.SwipeFacts(
        card_token=card_token,
        activity=activity_now(reading, command, None),
        holder=holder,
        by_another_card=by_whom is not None
        and standing_swipes.by_another_card(connection, station, activity_id, by_whom.person_id, card_token),
    )


def enrolment_facts(reading: Reading, command: enrolment.EnrolMember, _prepared: None) -> enrolment.EnrolmentFacts:
    return enrolment.EnrolmentFacts(
        activity=activity_now(reading, command, None),
        ahead=enrolments.ahead_of(reading.connection, reading.station, command.activity_id, command.person_id),
    )


def _numbered(command: Numbered, card_token: str) -> str:
    return f"{command.activity_id}/{card_token}"


def by_fields(first: str, second: str) -> Callable[[Any, Any], str]:
    """Names the stream by two fields of the command."""

    def key(command: Any, _prepared: Any) -> str:
        return f"{getattr(command, first)}/{getattr(command, second)}"

    return key


_ACTIVITY = by_field("activity_id")
_ENROLMENT, _SETTLED = by_fields("activity_id", "person_id"), by_fields("activity_id", "card_token")
_TO_PERSON, _TO_RECIPIENT = by_fields("list_id", "person_id"), by_fields("list_id", "recipient_id")
_TRAINED, _ATTENDED = by_fields("batch_id", "person_id"), by_fields("course_id", "staff_id")
_QUIZ = by_fields("quiz_id", "union_id")

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(activity.PlanActivity, activity.activity, activity.plan_activity, _ACTIVITY),
        Handles(activity.PublishActivity, activity.activity, activity.publish_activity, _ACTIVITY),
        Handles(activity.HoldActivity, activity.activity, activity.hold_activity, _ACTIVITY),
        Handles(activity.CloseActivity, activity.activity, activity.close_activity, _ACTIVITY),
        Handles(activity.CancelActivity, activity.activity, activity.cancel_activity, _ACTIVITY, activity_now),
        Handles(swipe.RecordSwipe, swipe.swipe, swipe.record_swipe, _numbered, swipe_facts, card_tokens),
        Handles(swipe.SettleSwipe, swipe.swipe, swipe.settle_swipe, _SETTLED, swipe_facts),
        Handles(swipe.AnnulSwipe, swipe.swipe, swipe.annul_swipe, _numbered, prepare=card_tokens),
        Handles(enrolment.EnrolMember, enrolment.enrolment, enrolment.enrol_member, _ENROLMENT, enrolment_facts),
        Handles(enrolment.WithdrawEnrolment, enrolment.enrolment, enrolment.withdraw_enrolment, _ENROLMENT),
        Handles(enrolment.MarkNoShow, enrolment.enrolment, enrolment.mark_no_show, _ENROLMENT, activity_now),
        Handles(hand_out.HandOutToPerson, hand_out.hand_out, hand_out.hand_out_to_person, _TO_PERSON),
        Handles(hand_out.HandOutInBulk, hand_out.hand_out, hand_out.hand_out_in_bulk, _TO_RECIPIENT),
        Handles(hand_out.CorrectHandOut, hand_out.hand_out, hand_out.correct_hand_out, _TO_RECIPIENT),
        Handles(goods.OrderGoods, goods.goods_order, goods.order_goods, by_field("order_id")),
        Handles(training.TrainCadre, training.cadre_training, training.train_cadre, _TRAINED),
        Handles(training.RecordStaffTraining, training.staff_training, training.record_staff_training, _ATTENDED),
        Handles(
            venue.SignVenueAgreement,
            venue.venue_agreement,
            venue.sign_venue_agreement,
            by_field("agreement_id"),
        ),
        Handles(quiz.AddressQuiz, quiz.quiz, quiz.address_quiz, _QUIZ),
        Handles(quiz.RecordQuizAnswers, quiz.quiz, quiz.record_quiz_answers, _QUIZ),
        Handles(visit.VisitSite, visit.site_visit, visit.visit_site, by_field("visit_id")),
    )
)

ACTIVITIES = Definition(
    name="activities",
    tables=activities_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    handlers=HANDLERS,
    folds=(activities_of_month.fold, enrolments.fold, waiting_swipes.fold, standing_swipes.fold),
    queries=(
        *with_log("activities"),
        Query("activities_of_month", activities_of_month.activities_of_month, OfMonth()),
        Query("activity", one_activity.activity, OfActivity()),
    ),
    heard=HEARD,
    copy_folds=(card_holders.copy_fold,),
    reactions=REACTIONS,
)
