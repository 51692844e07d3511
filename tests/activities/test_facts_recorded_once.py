"""Orders, trainings, venue agreements, visits and quizzes: each is recorded once, and not in two ways."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from lastmile.kernel.domain.failures import NotFound, Refused
from services.activities.api import HANDLERS
from services.activities.goods import GoodsOrdered, OrderGoods, OrderIdTaken
from services.activities.quiz import (
    AddressedAlready,
    AddressQuiz,
    AnswersCountedAlready,
    MoreAnswersThanAddressed,
    QuizAddressed,
    QuizAnswered,
    RecordQuizAnswers,
)
from services.activities.training import (
    CadreTrained,
    RecordStaffTraining,
    StaffTrainingAttended,
    TrainCadre,
    TrainedAlready,
)
from services.activities.venue import AgreementIdTaken, SignVenueAgreement, VenueAgreementSigned
from services.activities.visit import SiteVisited, VisitIdTaken, VisitSite
from tests.spec import Spec

DAY = date(2017, 7, 3)
spec = Spec(HANDLERS)


@pytest.mark.parametrize(
    ("command", "event", "said", "other", "rule"),
    [
        (
            OrderGoods,
            GoodsOrdered,
            {"order_id": "o1", "item": "cooling_pack", "quantity": 4500, "cost_fen": 20_250_000},
            {"quantity": 4501},
            OrderIdTaken,
        ),
        (
            TrainCadre,
            CadreTrained,
            {"batch_id": "b1", "person_id": "li", "post": "finance_officer"},
            {"post": "full_time_officer"},
            TrainedAlready,
        ),
        (
            RecordStaffTraining,
            StaffTrainingAttended,
            {"course_id": "c1", "staff_id": "s1", "level": "city", "out_of_town": True},
            {"out_of_town": False},
            TrainedAlready,
        ),
        (
            SignVenueAgreement,
            VenueAgreementSigned,
            {"agreement_id": "a1", "venue": "一所学校"},
            {"venue": "一座体育馆"},
            AgreementIdTaken,
        ),
        (
            VisitSite,
            SiteVisited,
            {"visit_id": "v1", "site_id": "lane", "purpose": "summer_heat"},
            {"site_id": "road"},
            VisitIdTaken,
        ),
        (
            AddressQuiz,
            QuizAddressed,
            {"quiz_id": "q1", "union_id": "u1", "theme": "work_safety", "addressed": 100},
            {"addressed": 101},
            AddressedAlready,
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fact_is_recorded_once_and_not_in_two_ways(
    command: type, event: type, said: dict[str, Any], other: dict[str, Any], rule: type[Refused]
) -> None:
    fact, order = event(**said, occurred_on=DAY), command(**said, occurred_on=DAY)
    spec.when(order).then(fact)
    spec.given(fact).when(order).then_nothing()
    spec.given(fact).when(replace(order, **other)).then_refused(rule)


addressed = QuizAddressed(quiz_id="q1", union_id="u1", theme="work_safety", addressed=100, occurred_on=DAY)
answered = QuizAnswered(quiz_id="q1", union_id="u1", theme="work_safety", answers=87, occurred_on=DAY)
answer = RecordQuizAnswers(quiz_id="q1", union_id="u1", answers=87, occurred_on=DAY)


def test_answers_to_a_quiz_are_counted_once() -> None:
    spec.given(addressed).when(answer).then(answered)
    spec.given(addressed, answered).when(answer).then_nothing()
    spec.given(addressed, answered).when(replace(answer, answers=88)).then_refused(AnswersCountedAlready)


def test_no_more_members_answer_than_were_addressed() -> None:
    spec.given(addressed).when(replace(answer, answers=101)).then_refused(MoreAnswersThanAddressed)
    spec.when(answer).then_refused(NotFound)
