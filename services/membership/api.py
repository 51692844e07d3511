"""What membership is: its commands, its views, questions and reactions, as data."""

from pathlib import Path
from typing import Any

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field, by_fields
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.history import with_history
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.membership import (
    admission,
    answers,
    card,
    card_application,
    card_issuing,
    card_list,
    community,
    dissolving,
    ending,
    facts,
    honour,
    member,
    preparing,
    profile,
    roster_import,
    staff,
    transfer,
    undoing,
    union,
)
from services.membership.files import card_questions, roster_questions
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


def _person(_command: Any, person_id: str) -> str:
    return person_id


_PERSON, _UNION, _STAFF = by_field("person_id"), by_field("union_id"), by_field("staff_id")
_COMMUNITY, _ITEM, _HONOUR = by_field("community"), by_field("item"), by_fields("person_id", "title")
_IMPORT, _LIST = by_field("import_id"), by_field("list_id")

_REVEAL, _HISTORY = with_history(
    "membership", (member.member, card.card, union.union, honour.honour, roster_import.roster_import)
)

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(union.RegisterUnion, union.union, union.register_union, _UNION),
        Handles(union.FoundUnion, union.union, union.found_union, _UNION),
        Handles(union.CoverEmployer, union.union, union.cover_employer, _UNION),
        Handles(dissolving.DissolveUnion, union.union, dissolving.dissolve_union, _UNION, facts.ending_union),
        Handles(dissolving.MergeUnion, union.union, dissolving.merge_union, _UNION, facts.ending_union),
        Handles(
            admission.RegisterMember,
            member.member,
            admission.register_member,
            _person,
            facts.admitting,
            preparing.persons,
            apart=True,
        ),
        Handles(
            admission.JoinMember,
            member.member,
            admission.join_member,
            _person,
            facts.admitting,
            preparing.persons,
            community=facts.joining_community,
            apart=True,
        ),
        Handles(
            transfer.AcceptTransfer,
            member.member,
            transfer.accept_transfer,
            _person,
            facts.admitting,
            preparing.persons,
        ),
        Handles(admission.CorrectMember, member.member, admission.correct_member, _PERSON),
        Handles(transfer.TransferMember, member.member, transfer.transfer_member, _PERSON, facts.target_union_stands),
        Handles(transfer.RequestTransfer, member.member, transfer.request_transfer, _PERSON, facts.counts_here),
        Handles(transfer.CompleteTransfer, member.member, transfer.complete_transfer, _PERSON),
        Handles(ending.LeaveUnion, member.member, ending.leave_union, _PERSON),
        Handles(ending.ExpelMember, member.member, ending.expel_member, _PERSON),
        Handles(ending.RecordDeath, member.member, ending.record_death, _PERSON),
        Handles(ending.ErasePerson, member.member, ending.erase_person, _PERSON, facts.member_at),
        Handles(undoing.UndoAdmission, member.member, undoing.undo_admission, _PERSON, facts.touched_since, apart=True),
        Handles(
            card_application.ApplyForCard,
            card.card,
            card_application.apply_for_card,
            _PERSON,
            facts.applying,
        ),
        Handles(
            card_application.WithdrawCardApplication, card.card, card_application.withdraw_card_application, _PERSON
        ),
        Handles(
            card_list.SendCardApplications,
            card_list.card_list,
            card_list.send_card_applications,
            _LIST,
            facts.applications_waiting,
        ),
        Handles(
            card_issuing.IssueCard, card.card, card_issuing.issue_card, _PERSON, facts.issuing, preparing.card_tokens
        ),
        Handles(card_issuing.ReportCardLost, card.card, card_issuing.report_card_lost, _PERSON),
        Handles(
            card_issuing.ReplaceCard,
            card.card,
            card_issuing.replace_card,
            _PERSON,
            facts.issuing,
            preparing.card_tokens,
        ),
        Handles(card_issuing.UnbindCard, card.card, card_issuing.unbind_card, _PERSON),
        Handles(honour.RecordHonour, honour.honour, honour.record_honour, _HONOUR),
        Handles(honour.RetireHonouree, honour.honour, honour.retire_honouree, _HONOUR),
        Handles(honour.RevokeHonour, honour.honour, honour.revoke_honour, _HONOUR),
        Handles(profile.StateProfileValue, profile.profile, profile.state_profile_value, _ITEM),
        Handles(community.ListCommunity, community.community, community.list_community, _COMMUNITY),
        Handles(community.DelistCommunity, community.community, community.delist_community, _COMMUNITY),
        Handles(staff.AppointStaff, staff.staff, staff.appoint_staff, _STAFF),
        Handles(staff.ReleaseStaff, staff.staff, staff.release_staff, _STAFF),
        Handles(roster_import.OpenImport, roster_import.roster_import, roster_import.open_import, _IMPORT),
        Handles(
            roster_import.ConfirmImport,
            roster_import.roster_import,
            roster_import.confirm_import,
            _IMPORT,
            facts.admissions,
        ),
        Handles(
            roster_import.UndoImport, roster_import.roster_import, roster_import.undo_import, _IMPORT, facts.admissions
        ),
        _REVEAL,
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
        Query("members", register.member_list, answers.MemberListed, register.listed.schema(), by_community=True),
        Query("member", register.member_record, answers.Member, register.OfPerson(), by_community=True),
        Query("member_names", shown_names.member_names, dict[str, str | None], shown_names.OfPersons()),
        Query(
            "unions",
            unions_standing.union_list,
            answers.UnionListed,
            unions_standing.listed.schema(),
            by_community=True,
        ),
        Query("union", unions_standing.union_record, answers.Union, unions_standing.OfUnion(), by_community=True),
        Query("communities", communities.community_list, list[answers.Community], by_community=True),
        Query("cards", card_applications.card_list, answers.CardListed, card_applications.listed_cards.schema()),
        Query(
            "card_applications",
            card_applications.application_list,
            answers.CardApplication,
            card_applications.listed_applications.schema(),
        ),
        Query("card_application_file", card_questions.card_application_file, answers.File, card_questions.OfList()),
        Query(
            "card_numbers_check", card_questions.card_numbers_check, answers.NumbersChecked, roster_questions.OfFile()
        ),
        Query("card_numbers_marked", card_questions.card_numbers_marked, answers.File, roster_questions.OfDraft()),
        Query(
            "card_numbers_commands",
            card_questions.card_numbers_commands,
            answers.NumberOrders,
            roster_questions.OfDraft(),
        ),
        Query("roster_template", roster_questions.roster_template, answers.File),
        Query("roster_check", roster_questions.roster_check, answers.RosterChecked, roster_questions.OfRoster()),
        Query("roster_marked", roster_questions.roster_marked, answers.File, roster_questions.OfDraft()),
        Query("roster_commands", roster_questions.roster_commands, answers.RosterOrders, roster_questions.OfDraft()),
        Query("roster_imports", imports.import_list, answers.RosterImport, imports.listed.schema()),
        Query("roster_import", imports.import_record, answers.RosterImported, imports.OfImport()),
        *_HISTORY,
    ),
    reactions=REACTIONS,
    schemas=SCHEMAS,
    erasure=PersonErased,
    clear=(members.members, found_by.found_by),
)
