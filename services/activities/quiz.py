"""A written quiz (答卷) as one union's members got it: how many were addressed, how many answered."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Quantity, Word

# These shapes are kept for ever.


@event()
class QuizAddressed:
    """A quiz was sent to this many members of a union."""

    quiz_id: Id
    union_id: Id
    theme: Word
    addressed: Quantity
    occurred_on: date


@event()
class QuizAnswered:
    """This many members of the union answered."""

    quiz_id: Id
    union_id: Id
    theme: Word
    answers: Quantity
    occurred_on: date


QuizEvent = QuizAddressed | QuizAnswered


@dataclass(frozen=True)
class NotAddressed:
    """The union did not get this quiz."""


@dataclass(frozen=True)
class Addressed:
    """The union's members got the quiz; `answers` once they are counted."""

    theme: str
    addressed: int
    answers: int | None = None


QuizState = NotAddressed | Addressed


def evolve(state: QuizState, event: QuizEvent) -> QuizState:
    match event:
        case QuizAddressed():
            return Addressed(event.theme, event.addressed)
        case QuizAnswered():
            return Addressed(state.theme, state.addressed, event.answers) if isinstance(state, Addressed) else state
        case _:
            assert_never(event)


@command
class AddressQuiz:
    """Enter that a quiz was sent to members of a union."""

    quiz_id: Id
    union_id: Id
    theme: Word
    addressed: Quantity
    occurred_on: date


@command
class RecordQuizAnswers:
    """Enter how many members of a union answered."""

    quiz_id: Id
    union_id: Id
    answers: Quantity
    occurred_on: date


class AddressedAlready(Refused):
    """The union got this quiz already, to another number of members or under another theme."""


class MoreAnswersThanAddressed(Refused):
    """No more members answer than were addressed."""


class AnswersCountedAlready(Refused):
    """The union's answers were counted already, and were another number."""


def address_quiz(command: AddressQuiz, quiz: QuizState) -> list[QuizEvent]:
    match quiz:
        case NotAddressed():
            return [
                QuizAddressed(
                    quiz_id=command.quiz_id,
                    union_id=command.union_id,
                    theme=command.theme,
                    addressed=command.addressed,
                    occurred_on=command.occurred_on,
                )
            ]
        case Addressed(theme=theme, addressed=addressed):
            if (theme, addressed) != (command.theme, command.addressed):
                raise AddressedAlready(
                    f"{command.union_id} got {command.quiz_id} for {addressed}", quiz_id=command.quiz_id
                )
            return []
        case _:
            assert_never(quiz)


def record_quiz_answers(command: RecordQuizAnswers, quiz: QuizState) -> list[QuizEvent]:
    match quiz:
        case NotAddressed():
            raise NotFound(f"{command.union_id} did not get {command.quiz_id}", quiz_id=command.quiz_id)
        case Addressed(answers=answers) if answers is not None:
            if answers != command.answers:
                raise AnswersCountedAlready(f"{answers} answers are recorded", quiz_id=command.quiz_id)
            return []
        case Addressed(theme=theme, addressed=addressed):
            if command.answers > addressed:
                raise MoreAnswersThanAddressed(
                    f"{command.answers} answers of {addressed} addressed", quiz_id=command.quiz_id
                )
            return [
                QuizAnswered(
                    quiz_id=command.quiz_id,
                    union_id=command.union_id,
                    theme=theme,
                    answers=command.answers,
                    occurred_on=command.occurred_on,
                )
            ]
        case _:
            assert_never(quiz)


quiz = Aggregate("quiz", NotAddressed(), evolve, QuizEvent)
