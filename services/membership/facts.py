"""What decisions of membership read, under the log's lock, beyond their own stream."""

from lastmile.kernel.store.execution import Reading
from services.membership import (
    admission,
    card_application,
    card_issuing,
    card_list,
    dissolving,
    ending,
    roster_import,
    transfer,
    undoing,
)
from services.membership.identity_number import birth_year_of, sex_of
from services.membership.preparing import Admitted, Carded
from services.membership.views import card_applications, imports, live_cards, members, unions_standing


def admitting(reading: Reading, command: Admitted, person_id: str) -> admission.Admission:
    connection, station = reading.connection, reading.station
    return admission.Admission(
        person_id=person_id,
        sex=sex_of(command.identity_number),
        birth_year=birth_year_of(command.identity_number),
        union_stands=unions_standing.stands(connection, station, command.union_id),
        member_at=members.member_at(connection, person_id),
        transfer_requested=isinstance(command, transfer.AcceptTransfer)
        and members.transfer_requested(connection, person_id, command.from_station, station),
        import_open=_import_open(reading, command),
    )


def _import_open(reading: Reading, command: Admitted) -> bool:
    import_id = None if isinstance(command, transfer.AcceptTransfer) else command.import_id
    return import_id is not None and imports.is_open(reading.connection, reading.station, import_id)


def joining_community(reading: Reading, command: admission.JoinMember, _prepared: str) -> str | None:
    return unions_standing.community_of(reading.connection, reading.station, command.union_id)


def issuing(reading: Reading, command: Carded, card_token: str) -> card_issuing.CardFacts:
    holder = live_cards.holder(reading.connection, card_token)
    return card_issuing.CardFacts(
        card_token=card_token,
        is_member=members.is_member(reading.connection, reading.station, command.person_id),
        taken=holder is not None and holder != command.person_id,
    )


def applying(
    reading: Reading, command: card_application.ApplyForCard, _prepared: None
) -> card_application.ApplicationFacts:
    return card_application.ApplicationFacts(
        is_member=members.is_member(reading.connection, reading.station, command.person_id),
        next_number=card_applications.next_number(reading.connection, reading.station),
    )


def applications_waiting(reading: Reading, _command: card_list.SendCardApplications, _prepared: None) -> int:
    return len(card_applications.waiting(reading.connection, reading.station))


def admissions(
    reading: Reading, command: roster_import.ConfirmImport | roster_import.UndoImport, _prepared: None
) -> roster_import.Admissions:
    return imports.became(reading.connection, reading.station, command.import_id)


def touched_since(reading: Reading, command: undoing.UndoAdmission, _prepared: None) -> bool:
    return imports.touched(reading.connection, reading.station, command.import_id, command.person_id)


def counts_here(reading: Reading, command: transfer.RequestTransfer, _prepared: None) -> bool:
    return members.is_member(reading.connection, reading.station, command.person_id)


def member_at(reading: Reading, command: ending.ErasePerson, _prepared: None) -> str | None:
    return members.member_at(reading.connection, command.person_id)


def target_union_stands(reading: Reading, command: transfer.TransferMember, _prepared: None) -> bool:
    return unions_standing.stands(reading.connection, reading.station, command.to_union_id)


def ending_union(
    reading: Reading, command: dissolving.DissolveUnion | dissolving.MergeUnion, _prepared: None
) -> dissolving.EndFacts:
    target = command.into_union_id if isinstance(command, dissolving.MergeUnion) else None
    return dissolving.EndFacts(
        living_members=unions_standing.members_of(reading.connection, reading.station, command.union_id),
        target_stands=target is None or unions_standing.stands(reading.connection, reading.station, target),
    )
