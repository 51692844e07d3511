"""Whose aid is a person's own: the member they are, and whose household they live in; every identity says so."""

from datetime import date

from lastmile.kernel.domain.failures import Forbidden, NotFound
from lastmile.kernel.domain.identity import Role
from services.access.api import HANDLERS
from services.access.household import (
    Kin,
    Kinship,
    LinkMember,
    MemberLinked,
    MemberUnlinked,
    OneMemberAPerson,
    OwnHouseholdUnlinked,
    UnlinkMember,
)
from tests.access.door import ADMINISTRATOR, HERE, THERE, Door, oneself
from tests.spec import Spec

DAY = date(2017, 6, 1)
ON = {"occurred_on": "2017-06-01"}
spec = Spec(HANDLERS)
KNOWN = spec.knowing(Kin(registered=True))


def link(member_id: str = "m1", kinship: Kinship = "self") -> LinkMember:
    return LinkMember(person_id="li", member_id=member_id, kinship=kinship, occurred_on=DAY)


def linked(member_id: str = "m1", kinship: Kinship = "self") -> MemberLinked:
    return MemberLinked(person_id="li", member_id=member_id, kinship=kinship, occurred_on=DAY)


UNLINK = UnlinkMember(person_id="li", member_id="m1", ground="another of that name", by="wang", occurred_on=DAY)
UNLINKED = MemberUnlinked(person_id="li", member_id="m1", ground="another of that name", occurred_on=DAY)


def test_a_registered_person_is_linked_to_the_member_they_are_once() -> None:
    KNOWN.when(link()).then(linked())
    KNOWN.given(linked()).when(link()).then_nothing()
    spec.knowing(Kin(registered=False)).when(link()).then_refused(NotFound)


def test_a_person_is_one_member_and_a_member_one_person() -> None:
    KNOWN.given(linked()).when(link("m2")).then_refused(OneMemberAPerson)
    spec.knowing(Kin(registered=True, member_is="zhao")).when(link()).then_refused(OneMemberAPerson)
    spec.knowing(Kin(registered=True, elsewhere="m2")).when(link()).then_refused(OneMemberAPerson)
    spec.knowing(Kin(registered=True, elsewhere="m1")).when(link()).then(linked())
    KNOWN.given(linked(), UNLINKED).when(link("m2")).then(linked("m2"))


def test_several_persons_may_live_in_one_household_and_one_person_in_several() -> None:
    found = spec.knowing(Kin(registered=True, member_is="zhao")).given(linked("m2"))
    found.when(link("m1", "household")).then(linked("m1", "household"))
    found.given(linked("m1", "household")).when(link("m3", "household")).then(linked("m3", "household"))


def test_a_link_is_taken_back_by_somebody_else_on_a_ground() -> None:
    spec.given(linked()).when(UNLINK).then(UNLINKED)
    spec.given(linked(), UNLINKED).when(UNLINK).then_nothing()
    own = UnlinkMember(person_id="li", member_id="m1", ground="to be free", by="li", occurred_on=DAY)
    spec.given(linked()).when(own).then_refused(OwnHouseholdUnlinked)


def test_the_identity_names_the_household_from_the_next_request_on(door: Door) -> None:
    door.settled()
    token = door.sign_in()
    assert door.identity(token).household == ()
    door.tell("LinkMember", ADMINISTRATOR, person_id="li", member_id="m2", kinship="household", **ON)
    door.tell("LinkMember", ADMINISTRATOR, person_id="li", member_id="m1", kinship="self", **ON)
    assert door.identity(token).household == ("m1", "m2")
    shown = door.ask("person", ADMINISTRATOR, person_id="li")["household"]
    assert [(each["member_id"], each["kinship"]) for each in shown] == [("m1", "self"), ("m2", "household")]
    door.tell("UnlinkMember", ADMINISTRATOR, person_id="li", member_id="m2", ground="moved out", **ON)
    assert door.identity(token).household == ("m1",)


def test_what_one_station_says_of_a_person_counts_at_every_station(door: Door) -> None:
    door.register("li")
    door.register("li", station=THERE)
    door.register("zhao", "cashier")
    door.tell("LinkMember", at=HERE, person_id="li", member_id="m1", kinship="self", **ON)
    body = {"person_id": "zhao", "member_id": "m1", "kinship": "self", **ON}
    assert isinstance(door.refusal("LinkMember", **body), OneMemberAPerson)
    other = {"person_id": "li", "member_id": "m9", "kinship": "self", **ON}
    assert isinstance(door.refusal("LinkMember", at=THERE, **other), OneMemberAPerson)
    door.tell("LinkMember", at=THERE, person_id="li", member_id="m1", kinship="self", **ON)
    door.tell("UnlinkMember", at=HERE, person_id="li", member_id="m1", ground="said there", **ON)
    (told,) = door.ask("person", at=THERE, person_id="li")["household"]
    assert told == {"member_id": "m1", "kinship": "self", "station": THERE}


def test_whoever_leads_the_station_links_persons_and_administrators_alone_unlink_them(door: Door) -> None:
    door.register("li")
    body = {"person_id": "li", "member_id": "m1", "kinship": "self", **ON}
    assert isinstance(door.refusal("LinkMember", oneself("li"), **body), Forbidden)
    for role in (Role.CHAIR, Role.VICE_CHAIR, Role.STATION_HEAD, Role.ADMINISTRATOR):
        door.tell("LinkMember", oneself("zhang", role), **body)
    back = {"person_id": "li", "member_id": "m1", "ground": "no kin", **ON}
    for role in (Role.CHAIR, Role.VICE_CHAIR, Role.STATION_HEAD, Role.CLERK):
        assert isinstance(door.refusal("UnlinkMember", oneself("zhang", role), **back), Forbidden)
