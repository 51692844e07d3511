"""Changes of one thing follow each other by date, so that no order of entry pumps what stands on a day."""

from datetime import date
from typing import Any

import pytest

from services.membership.admission import Admission, JoinMember
from services.membership.api import HANDLERS
from services.membership.card import CardIssued, CardLost, CardUnbound
from services.membership.card_issuing import CardFacts, IssueCard, ReplaceCard, ReportCardLost, UnbindCard
from services.membership.community import CommunityDelisted, CommunityListed, DelistCommunity, ListCommunity
from services.membership.dated import DatedBefore
from services.membership.dissolving import DissolveUnion, EndFacts, MergeUnion
from services.membership.ending import ExpelMember, LeaveUnion, RecordDeath
from services.membership.honour import HonourRecorded, HonourRevoked, RecordHonour, RetireHonouree, RevokeHonour
from services.membership.member_events import MemberJoined, MemberLeft
from services.membership.staff import AppointStaff, ReleaseStaff, StaffAppointed, StaffReleased
from services.membership.transfer import AcceptTransfer, TransferMember
from services.membership.union import UnionFounded
from tests.spec import Spec

EARLIER, THEN = date(2017, 3, 2), date(2017, 12, 20)
WHO: dict[str, Any] = {"union_id": "u1", "name": "李", "identity_number": "11010519491231002X"}
LI: dict[str, Any] = {"person_id": "li"}
ADMISSION = Admission("li", "female", 1949, union_stands=True)
ASKED = Admission("li", "female", 1949, union_stands=True, member_at="110102018", transfer_requested=True)
HONOUR: dict[str, Any] = {"person_id": "li", "title": "district_labour_medal"}
UNION: dict[str, Any] = {"union_id": "u1", "name": "工会", "kind": "single", "community": "c1"}
CARD: dict[str, Any] = {"person_id": "li", "card_token": "token"}
K2: dict[str, Any] = {"person_id": "li", "card_number": "K2"}
FREE = CardFacts("token2", is_member=True, taken=False)
POST: dict[str, Any] = {"staff_id": "wu", "office": "service_station"}

joined = MemberJoined(**WHO, person_id="li", sex="female", birth_year=1949, employment="in_service", occurred_on=THEN)
left = MemberLeft(person_id="li", union_id="u1", occurred_on=THEN)
issued = CardIssued(**CARD, card_number="K1", occurred_on=THEN)
lost = CardLost(**CARD, occurred_on=THEN)
unbound = CardUnbound(**CARD, reason="left", occurred_on=THEN)
recorded = HonourRecorded(**HONOUR, service="in_service", occurred_on=THEN)
revoked = HonourRevoked(**HONOUR, service="in_service", reason="left", occurred_on=THEN)
founded = UnionFounded(**UNION, occurred_on=THEN)
appointed = StaffAppointed(**POST, occurred_on=THEN)
released = StaffReleased(**POST, occurred_on=THEN)
listed = CommunityListed(community="c1", name="核桃园", occurred_on=THEN)
delisted = CommunityDelisted(community="c1", occurred_on=THEN)
spec = Spec(HANDLERS)

CHANGES: list[tuple[tuple[Any, ...], Any, type, dict[str, Any]]] = [
    ((joined, left), ADMISSION, JoinMember, WHO),
    ((joined, left), ASKED, AcceptTransfer, WHO | {"from_station": "110102018"}),
    ((joined,), None, LeaveUnion, LI),
    ((joined,), None, ExpelMember, LI | {"decision": "决定"}),
    ((joined,), None, RecordDeath, LI),
    ((joined,), True, TransferMember, LI | {"to_union_id": "u2"}),
    ((issued, unbound), FREE, IssueCard, K2),
    ((issued,), None, ReportCardLost, LI),
    ((issued, lost), FREE, ReplaceCard, K2),
    ((recorded, revoked), None, RecordHonour, HONOUR | {"service": "retired"}),
    ((recorded,), None, RetireHonouree, HONOUR),
    ((recorded,), None, RevokeHonour, HONOUR | {"reason": "left"}),
    ((founded,), EndFacts(0), DissolveUnion, {"union_id": "u1", "reason": "closed"}),
    ((founded,), EndFacts(0), MergeUnion, {"union_id": "u1", "into_union_id": "u2"}),
    ((appointed, released), None, AppointStaff, POST),
    ((appointed,), None, ReleaseStaff, {"staff_id": "wu"}),
    ((listed, delisted), None, ListCommunity, {"community": "c1", "name": "核桃园"}),
    ((listed,), None, DelistCommunity, {"community": "c1"}),
]


@pytest.mark.parametrize(("before", "facts", "change", "body"), CHANGES, ids=[change[2].__name__ for change in CHANGES])
def test_a_change_is_not_dated_before_the_last_one_of_the_same_thing(
    before: tuple[Any, ...], facts: Any, change: Any, body: dict[str, Any]
) -> None:
    known = spec.given(*before).knowing(facts)
    known.when(change(**body, occurred_on=EARLIER)).then_refused(DatedBefore)


def test_several_changes_on_one_day_are_fine() -> None:
    spec.given(joined).when(LeaveUnion(**LI, occurred_on=THEN)).then(left)
    spec.given(recorded).when(RevokeHonour(**HONOUR, reason="left", occurred_on=THEN)).then(revoked)


def test_a_card_is_taken_though_the_membership_ended_before_it_was_given_out() -> None:
    spec.given(issued).when(UnbindCard(**LI, reason="left", occurred_on=EARLIER)).then(unbound)
