"""Single sign-on: whom an issuer's subject stands for."""

from dataclasses import dataclass
from datetime import date
from typing import assert_never

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import NotFound, Refused
from lastmile.kernel.domain.fields import Id, Text, Today
from services.access.kinds import Issuer

# These shapes are kept for ever.


@event()
class SubjectLinked:
    """Whoever the issuer signs in under this subject is this person. Of the subject a keyed hash is kept."""

    person_id: Id
    issuer: str
    subject_token: str
    in_use: bool | None = None
    """Whether the person had signed in before: a new way into an account that is in use."""

    occurred_on: date


@event()
class SubjectUnlinked:
    """The issuer's subject stands for nobody any more."""

    person_id: Id
    subject_token: str
    occurred_on: date


SubjectEvent = SubjectLinked | SubjectUnlinked


@dataclass(frozen=True)
class Subject:
    """Whom the subject stands for, None for nobody."""

    person_id: str | None = None


def evolve(_subject: Subject, event: SubjectEvent) -> Subject:
    match event:
        case SubjectLinked():
            return Subject(event.person_id)
        case SubjectUnlinked():
            return Subject()
        case _:
            assert_never(event)


@command
class LinkSubject:
    """Let a person with an account sign in as an issuer's subject."""

    person_id: Id
    issuer: Issuer
    subject: Text
    today: Today


@command
class UnlinkSubject:
    """Let an issuer's subject sign in no more."""

    issuer: Issuer
    subject: Text
    today: Today


class SubjectIsLinked(Refused):
    """The subject stands for another person: unlink it first."""


@dataclass(frozen=True)
class Linking:
    """The subject's keyed hash, whether the person has an account here and uses it, whether another station has it."""

    subject_token: str
    has_account: bool
    linked_elsewhere: bool
    in_use: bool = False


def link_subject(command: LinkSubject, subject: Subject, linking: Linking) -> list[SubjectEvent]:
    if subject.person_id == command.person_id:
        return []
    if subject.person_id is not None or linking.linked_elsewhere:
        raise SubjectIsLinked
    if not linking.has_account:
        raise NotFound(f"{command.person_id} has no account here", person_id=command.person_id)
    return [
        SubjectLinked(
            person_id=command.person_id,
            issuer=command.issuer,
            subject_token=linking.subject_token,
            in_use=linking.in_use or None,
            occurred_on=command.today,
        )
    ]


def unlink_subject(command: UnlinkSubject, subject: Subject, subject_token: str) -> list[SubjectEvent]:
    if subject.person_id is None:
        return []
    return [SubjectUnlinked(person_id=subject.person_id, subject_token=subject_token, occurred_on=command.today)]


subject = Aggregate("subject", Subject(), evolve, SubjectEvent)
