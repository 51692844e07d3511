"""What membership is: its commands, what each decision reads, its views, questions and reactions, as data."""

from pathlib import Path

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.execution import Reading, WorkPlace
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.membership import admission, card, community, ending, honour, member, profile, staff, transfer, union
from services.membership.identity_number import birth_year_of, sex_of
from services.membership.permissions import PERMISSIONS
from services.membership.reactions import REACTIONS, PersonErased
from services.membership.schemas import SCHEMAS, ByName
from services.membership.tables import membership_tables
from services.membership.views import live_cards, members, unions_standing

Admitted = admission.RegisterMember | admission.JoinMember | transfer.AcceptTransfer
Carded = card.IssueCard | card.ReplaceCard


def persons(place: WorkPlace, commands: list[Admitted]) -> list[str]:
    return place.keystore.persons_behind("identity number", [command.identity_number for command in commands])


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
    )


def card_tokens(place: WorkPlace, commands: list[Carded]) -> list[str]:
    return [place.keystore.master.blind("card number", command.card_number) for command in commands]


def card_facts(reading: Reading, command: Carded, card_token: str) -> card.CardFacts:
    holder = live_cards.holder(reading.connection, card_token)
    return card.CardFacts(
        card_token=card_token,
        is_member=members.is_member(reading.connection, reading.station, command.person_id),
        taken=holder is not None and holder != command.person_id,
    )


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

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(union.RegisterUnion, union.union, union.register_union, _UNION),
        Handles(union.FoundUnion, union.union, union.found_union, _UNION),
        Handles(union.CoverEmployer, union.union, union.cover_employer, _UNION),
        Handles(union.DissolveUnion, union.union, union.dissolve_union, _UNION, end_facts),
        Handles(union.MergeUnion, union.union, union.merge_union, _UNION, end_facts),
        Handles(admission.RegisterMember, member.member, admission.register_member, _person, admission_facts, persons),
        Handles(admission.JoinMember, member.member, admission.join_member, _person, admission_facts, persons),
        Handles(transfer.AcceptTransfer, member.member, transfer.accept_transfer, _person, admission_facts, persons),
        Handles(admission.CorrectMember, member.member, admission.correct_member, _PERSON),
        Handles(transfer.TransferMember, member.member, transfer.transfer_member, _PERSON, target_union_stands),
        Handles(transfer.RequestTransfer, member.member, transfer.request_transfer, _PERSON, counts_here),
        Handles(transfer.CompleteTransfer, member.member, transfer.complete_transfer, _PERSON),
        Handles(ending.LeaveUnion, member.member, ending.leave_union, _PERSON),
        Handles(ending.ExpelMember, member.member, ending.expel_member, _PERSON),
        Handles(ending.RecordDeath, member.member, ending.record_death, _PERSON),
        Handles(ending.ErasePerson, member.member, ending.erase_person, _PERSON, member_at),
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
    )
)

MEMBERSHIP = Definition(
    name="membership",
    tables=membership_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    handlers=HANDLERS,
    folds=(unions_standing.fold, members.fold, live_cards.fold),
    queries=(
        *with_log("membership"),
        Query("members_named", members.members_named, ByName()),
        Query("unions_standing", unions_standing.unions_standing),
    ),
    reactions=REACTIONS,
    schemas=SCHEMAS,
    erasure=PersonErased,
    clear=(members.members,),
)
