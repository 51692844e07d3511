"""Training (培训): of union cadres in batches, and of the station's own staff in courses of city and district."""

from datetime import date
from typing import Literal

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id
from services.activities.once import evolve_once, once

Post = Literal["community_union_chair", "full_time_officer", "enterprise_union_chair", "finance_officer"]
Level = Literal["city", "district"]

# These shapes are kept for ever.


@event()
class CadreTrained:
    """The station trained a union cadre in a batch."""

    batch_id: Id
    person_id: Id
    post: Post
    occurred_on: date


@event()
class StaffTrainingAttended:
    """One of the station's staff attended a course."""

    course_id: Id
    staff_id: Id
    level: Level
    out_of_town: bool
    occurred_on: date


@command
class TrainCadre:
    """Enter that a cadre took part in a batch."""

    batch_id: Id
    person_id: Id
    post: Post
    occurred_on: date


@command
class RecordStaffTraining:
    """Enter that one of the staff attended a course."""

    course_id: Id
    staff_id: Id
    level: Level
    out_of_town: bool
    occurred_on: date


class TrainedAlready(Refused):
    """The training of this person in this batch or course is recorded in other words."""


def train_cadre(command: TrainCadre, trained: CadreTrained | None) -> list[CadreTrained]:
    fact = CadreTrained(
        batch_id=command.batch_id,
        person_id=command.person_id,
        post=command.post,
        occurred_on=command.occurred_on,
    )
    return once(
        trained,
        fact,
        TrainedAlready(f"{command.person_id} was trained in {command.batch_id}", batch_id=command.batch_id),
    )


def record_staff_training(
    command: RecordStaffTraining, attended: StaffTrainingAttended | None
) -> list[StaffTrainingAttended]:
    fact = StaffTrainingAttended(
        course_id=command.course_id,
        staff_id=command.staff_id,
        level=command.level,
        out_of_town=command.out_of_town,
        occurred_on=command.occurred_on,
    )
    return once(
        attended, fact, TrainedAlready(f"{command.staff_id} attended {command.course_id}", course_id=command.course_id)
    )


cadre_training = Aggregate("cadre_training", None, evolve_once, CadreTrained)
staff_training = Aggregate("staff_training", None, evolve_once, StaffTrainingAttended)
