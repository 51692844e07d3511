"""Taking back one admission that a roster should not have brought."""

from lastmile.kernel.domain.events import command
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Id
from services.membership.member import Former, MemberState, Unknown, living_member
from services.membership.member_events import AdmissionUndone, MemberEvent


@command
class UndoAdmission:
    """Take one admission of an import back."""

    person_id: Id
    import_id: Id


class NotOfThisImport(Refused):
    """The person is a member by another way than this import."""


class TouchedSince(Refused):
    """Something happened to the membership since the import: it is not undone with it."""


def undo_admission(command: UndoAdmission, member: MemberState, touched: bool) -> list[MemberEvent]:
    """`touched`: whether anything happened to the membership since, a card applied for included."""
    if touched:
        raise TouchedSince(person_id=command.person_id)
    if isinstance(member, Former | Unknown) and member != Unknown():
        return []
    living = living_member(command.person_id, member)
    came = living.from_roster
    if came is None or came.import_id != command.import_id:
        raise NotOfThisImport(person_id=command.person_id)
    return [
        AdmissionUndone(
            person_id=command.person_id,
            union_id=living.union_id,
            import_id=command.import_id,
            entrance=came.entrance,
            sex=came.sex,
            employment=came.employment,
            former_union_id=came.before.union_id if came.before else None,
            former_since=came.before.since if came.before else None,
            occurred_on=living.since,
        )
    ]
