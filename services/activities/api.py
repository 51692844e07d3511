"""What activities is: its commands, its views, questions, copy and reactions, as data."""

from pathlib import Path
from typing import Any

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field, by_fields
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.activities import (
    activity,
    announcing,
    answers,
    enrolment,
    facts,
    goods,
    hand_out,
    holding,
    preparing,
    quiz,
    swipe,
    swiping,
    training,
    venue,
    visit,
)
from services.activities.heard import HEARD
from services.activities.permissions import PERMISSIONS
from services.activities.reactions import REACTIONS
from services.activities.schemas import OfActivity, OfMonth
from services.activities.tables import activities_tables
from services.activities.views import activities_of_month, card_holders, enrolments, standing_swipes, waiting_swipes
from services.activities.views import activity as one_activity


def _numbered(command: Any, card_token: str) -> str:
    return f"{command.activity_id}/{card_token}"


_ACTIVITY = by_field("activity_id")
_ENROLMENT, _SETTLED = by_fields("activity_id", "person_id"), by_fields("activity_id", "card_token")
_TO_PERSON, _TO_RECIPIENT = by_fields("list_id", "person_id"), by_fields("list_id", "recipient_id")
_TRAINED, _ATTENDED = by_fields("batch_id", "person_id"), by_fields("course_id", "staff_id")
_QUIZ = by_fields("quiz_id", "union_id")

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(announcing.PlanActivity, activity.activity, announcing.plan_activity, _ACTIVITY),
        Handles(announcing.PublishActivity, activity.activity, announcing.publish_activity, _ACTIVITY),
        Handles(holding.HoldActivity, activity.activity, holding.hold_activity, _ACTIVITY),
        Handles(holding.CloseActivity, activity.activity, holding.close_activity, _ACTIVITY),
        Handles(
            announcing.CancelActivity, activity.activity, announcing.cancel_activity, _ACTIVITY, facts.activity_now
        ),
        Handles(swiping.RecordSwipe, swipe.swipe, swiping.record_swipe, _numbered, facts.swiped, preparing.card_tokens),
        Handles(swiping.SettleSwipe, swipe.swipe, swiping.settle_swipe, _SETTLED, facts.swiped),
        Handles(swiping.AnnulSwipe, swipe.swipe, swiping.annul_swipe, _numbered, prepare=preparing.card_tokens),
        Handles(enrolment.EnrolMember, enrolment.enrolment, enrolment.enrol_member, _ENROLMENT, facts.enrolling),
        Handles(enrolment.WithdrawEnrolment, enrolment.enrolment, enrolment.withdraw_enrolment, _ENROLMENT),
        Handles(enrolment.MarkNoShow, enrolment.enrolment, enrolment.mark_no_show, _ENROLMENT, facts.activity_now),
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
        Query("activities_of_month", activities_of_month.activities_of_month, list[answers.ActivityOfMonth], OfMonth()),
        Query("activity", one_activity.activity, answers.Activity, OfActivity()),
    ),
    heard=HEARD,
    copy_folds=(card_holders.copy_fold,),
    reactions=REACTIONS,
)
