"""What membership is: its commands, what each decision reads, its views, questions and reactions, as data."""

from pathlib import Path

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.execution import Reading, WorkPlace
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.membership import (
    admission,
    card,
    card_application,
    community,
    ending,
    honour,
    member,
    profile,
    roster_import,
    staff,
    transfer,
    undoing,
    union,
)
from services.membership.files import card_questions, roster_questions
from services.membership.identity_number import birth_year_of, sex_of
from services.membership.permissions import PERMISSIONS
from services.membership.reactions import REACTIONS, PersonErased
from services.membership.schemas import SCHEMAS
from services.membership.tables import membership_tables
from services.membership.views import (
    card_applications,
    communities,
    found_by,
    honours,
    imports,
    live_cards,
    members,
    register,
    shown_names,
    unions_standing,
)

Admitted = admission.RegisterMember | admission.JoinMember | transfer.AcceptTransfer
Carded = card.IssueCard | card.ReplaceCard


def persons(place: WorkPlace, commands: list[Admitted]) -> list[str]:
    numbers = [command.identity_number for command in commands]
    found = place.keystore.persons_behind("identity number", numbers)
    pairs = zip(numbers, found, strict=True)
    place.keystore.hint(found_by.IDENTITY_TAIL, ((number[-4:], person_id, "") for number, person_id in pairs))
    return found


def admission_facts(reading: Reading, command: Admitted, person_id: str) -> admission.Admission:
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


def card_tokens(place: WorkPlace, commands: list[Carded]) -> list[str]:
    tokens = [place.keystore.master.blind("card number", command.card_number) for command in commands]
    pairs = zip(commands, tokens, strict=True)
    hinted = ((command.card_number[-4:].upper(), command.person_id, token) for command, token in pairs)
    place.keystore.hint(found_by.CARD_TAIL, hinted)
    return tokens


def card_facts(reading: Reading, command: Carded, card_token: str) -> card.CardFacts:
    holder = live_cards.holder(reading.connection, card_token)
    return card.CardFacts(
        card_token=card_token,
        is_member=members.is_member(reading.connection, reading.station, command.person_id),
        taken=holder is not None and holder != command.person_id,
    )


def application_facts(
    reading: Reading, command: card_application.ApplyForCard, _prepared: None
) -> card_application.ApplicationFacts:
    return card_application.ApplicationFacts(
        is_member=members.is_member(reading.connection, reading.station, command.person_id),
        next_number=card_applications.next_number(reading.connection, reading.station),
    )


def applications_waiting(reading: Reading, _command: card_application.SendCardApplications, _prepared: None) -> int:
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


def end_facts(reading: Reading, command: union.DissolveUnion | union.MergeUnion, _prepared: None) -> union.EndFacts:
    target = command.into_union_id if isinstance(command, union.MergeUnion) else None
    return union.EndFacts(
        living_members=unions_standing.members_of(reading.connection, reading.station, command.union_id),
        target_stands=target is None or unions_standing.stands(reading.connection, reading.station, target),
    )


def _person(_command: Admitted, person_id: str) -> str:
    return person_id


def _honour(command: honour.RecordHonour | honour.RetireHonouree | honour.RevokeHonour, _prepared: None) -> str:
    return f"{command.person_id}/{command.title}"


_PERSON, _UNION, _STAFF = by_field("person_id"), by_field("union_id"), by_field("staff_id")
_COMMUNITY, _ITEM = by_field("community"), by_field("item")
_IMPORT, _LIST = by_field("import_id"), by_field("list_id")

REVEAL, HISTORY = with_history(
    "membership", (member.member, card.card, union.union, honour.honour, roster_import.roster_import)
)

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(union.RegisterUnion, union.union, union.register_union, _UNION),
        Handles(union.FoundUnion, union.union, union.found_union, _UNION),
        Handles(union.CoverEmployer, union.union, union.cover_employer, _UNION),
        Handles(union.DissolveUnion, union.union, union.dissolve_union, _UNION, end_facts),
        Handles(union.MergeUnion, union.union, union.merge_union, _UNION, end_facts),
        Handles(
            admission.RegisterMember,
            member.member,
            admission.register_member,
            _person,
            admission_facts,
            persons,
            apart=True,
        ),
        Handles(
            admission.JoinMember,
            member.member,
            admission.join_member,
            _person,
            admission_facts,
            persons,
            community=joining_community,
            apart=True,
        ),
        Handles(transfer.AcceptTransfer, member.member, transfer.accept_transfer, _person, admission_facts, persons),
        Handles(admission.CorrectMember, member.member, admission.correct_member, _PERSON),
        Handles(transfer.TransferMember, member.member, transfer.transfer_member, _PERSON, target_union_stands),
        Handles(transfer.RequestTransfer, member.member, transfer.request_transfer, _PERSON, counts_here),
        Handles(transfer.CompleteTransfer, member.member, transfer.complete_transfer, _PERSON),
        Handles(ending.LeaveUnion, member.member, ending.leave_union, _PERSON),
        Handles(ending.ExpelMember, member.member, ending.expel_member, _PERSON),
        Handles(ending.RecordDeath, member.member, ending.record_death, _PERSON),
        Handles(ending.ErasePerson, member.member, ending.erase_person, _PERSON, member_at),
        Handles(undoing.UndoAdmission, member.member, undoing.undo_admission, _PERSON, touched_since),
        Handles(
            card_application.ApplyForCard,
            card.card,
            card_application.apply_for_card,
            _PERSON,
            application_facts,
        ),
        Handles(
            card_application.WithdrawCardApplication, card.card, card_application.withdraw_card_application, _PERSON
        ),
        Handles(
            card_application.SendCardApplications,
            card_application.card_list,
            card_application.send_card_applications,
            _LIST,
            applications_waiting,
        ),
        Handles(card.IssueCard, card.card, card.issue_card, _PERSON, card_facts, card_tokens),
        Handles(card.ReportCardLost, card.card, card.report_card_lost, _PERSON),
        Handles(card.ReplaceCard, card.card, card.replace_card, _PERSON, card_facts, card_tokens),
        Handles(card.UnbindCard, card.card, card.unbind_card, _PERSON),
        Handles(honour.RecordHonour, honour.honour, honour.record_honour, _honour),
        Handles(honour.RetireHonouree, honour.honour, honour.retire_honouree, _honour),
        Handles(honour.RevokeHonour, honour.honour, honour.revoke_honour, _honour),
        Handles(profile.StateProfileValue, profile.profile, profile.state_profile_value, _ITEM),
        Handles(community.ListCommunity, community.community, community.list_community, _COMMUNITY),
        Handles(community.DelistCommunity, community.community, community.delist_community, _COMMUNITY),
        Handles(staff.AppointStaff, staff.staff, staff.appoint_staff, _STAFF),
        Handles(staff.ReleaseStaff, staff.staff, staff.release_staff, _STAFF),
        Handles(roster_import.OpenImport, roster_import.roster_import, roster_import.open_import, _IMPORT),
        Handles(
            roster_import.ConfirmImport, roster_import.roster_import, roster_import.confirm_import, _IMPORT, admissions
        ),
        Handles(roster_import.UndoImport, roster_import.roster_import, roster_import.undo_import, _IMPORT, admissions),
        REVEAL,
    )
)

MEMBERSHIP = Definition(
    name="membership",
    tables=membership_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    handlers=HANDLERS,
    folds=(
        unions_standing.fold,
        members.fold,
        members.fold_transfers,
        members.fold_cards,
        found_by.fold,
        live_cards.fold,
        card_applications.fold,
        honours.fold,
        communities.fold,
        imports.fold,
    ),
    queries=(
        *with_log("membership"),
        Query("members", register.member_list, register.listed.schema(), by_community=True),
        Query("member", register.member_record, register.OfPerson(), by_community=True),
        Query("member_names", shown_names.member_names, shown_names.OfPersons()),
        Query("unions", unions_standing.union_list, unions_standing.listed.schema(), by_community=True),
        Query("union", unions_standing.union_record, unions_standing.OfUnion(), by_community=True),
        Query("communities", communities.community_list, by_community=True),
        Query("cards", card_applications.card_list, card_applications.listed_cards.schema()),
        Query("card_applications", card_applications.application_list, card_applications.listed_applications.schema()),
        Query("card_application_file", card_questions.card_application_file, card_questions.OfList()),
        Query("card_numbers_check", card_questions.card_numbers_check, roster_questions.OfFile()),
        Query("card_numbers_marked", card_questions.card_numbers_marked, roster_questions.OfDraft()),
        Query("card_numbers_commands", card_questions.card_numbers_commands, roster_questions.OfDraft()),
        Query("roster_template", roster_questions.roster_template),
        Query("roster_check", roster_questions.roster_check, roster_questions.OfRoster()),
        Query("roster_marked", roster_questions.roster_marked, roster_questions.OfDraft()),
        Query("roster_commands", roster_questions.roster_commands, roster_questions.OfDraft()),
        Query("roster_imports", imports.import_list, imports.listed.schema()),
        Query("roster_import", imports.import_record, imports.OfImport()),
        *HISTORY,
    ),
    reactions=REACTIONS,
    schemas=SCHEMAS,
    erasure=PersonErased,
    clear=(members.members, found_by.found_by),
)
