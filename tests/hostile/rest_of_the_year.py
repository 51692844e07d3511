"""What the demo's year does not enter: the orders with free text that are left, given by whoever may."""

from collections.abc import Iterator, Mapping
from typing import Any

from examples.guangnei_2017.accounts import HOLDERS
from examples.guangnei_2017.driver import staff_id
from lastmile.catalogue import catalogue
from lastmile.kernel.domain.entry import Entry
from lastmile.settings import LOG_SERVICES
from tests.hostile.conftest import STATION
from tests.hostile.vandal import Vandalised
from tests.sealed import sealed_of

TODAY = "2017-12-30"
SOMEBODY = "somebody"
PASSWORDS = ("of somebody's first day", "of somebody's next day")
Order = tuple[str, str, Mapping[str, Any]]


def tell_the_rest(ground: Vandalised) -> None:
    """Everything that takes free text and that the year has no occasion for."""
    orders = (*_of_access(), *_of_people(ground), *_of_all(ground))
    for number, (service, command, body) in enumerate(orders):
        offered = catalogue().services[service].commands[command]
        dated = {"occurred_on": TODAY} if "occurred_on" in offered.schema.fields else {}
        # A subject is unlinked by the same words by which it was linked: what they begin with goes by the id's head.
        key = f"subject/{number}" if "subject" in body else f"rest-{number}"
        (outcome,) = ground.calls.tell(
            service, STATION, command, [(key, {**body, **dated})], _who_may(ground, service, command)
        )
        assert outcome["status"] == "done", (command, outcome)
    ground.settle()


def _of_access() -> Iterator[Order]:
    somebody = {"person_id": SOMEBODY}
    subject = {"issuer": "https://provider.example", "subject": "1"}
    first, second = PASSWORDS
    yield "access", "RegisterPerson", {**somebody, "name": "某人"}
    yield "access", "OpenAccount", {**somebody, "account_name": SOMEBODY, "first_password": first}
    yield "access", "ResetAccount", {**somebody, "first_password": second, "ground": "忘了密码"}
    yield "access", "LinkSubject", {**somebody, **subject}
    yield "access", "UnlinkSubject", subject
    yield "access", "CloseAccount", {**somebody, "ground": "调离"}
    yield "access", "WaiveSecondFactor", {"person_id": staff_id(STATION, "vice-chair"), "ground": "换了手机"}
    system = {"client_id": "system", "name": "市里的系统", "secret_hash": "0" * 64, "scopes": "logs.read"}
    yield "access", "RegisterSystem", system


def _of_people(ground: Vandalised) -> Iterator[Order]:
    kept, leaving = _members(ground, living=True)
    loser, *_ = _members(ground, living=True, card="live")
    yield "membership", "CorrectMember", {"person_id": kept, "phone": "010-12345678"}
    yield "membership", "ReportCardLost", {"person_id": loser}
    yield "membership", "ApplyForCard", {"person_id": loser}
    yield "access", "LinkMember", {"person_id": SOMEBODY, "member_id": kept, "kinship": "self"}
    yield "access", "UnlinkMember", {"person_id": SOMEBODY, "member_id": kept, "ground": "弄错了"}
    yield "membership", "LeaveUnion", {"person_id": leaving}
    yield "membership", "ErasePerson", {"person_id": leaving, "ground": "本人要求"}
    yield "relief", "OpenCase", {"person_id": kept, "category": "deep", "persons": 2, "illness": "病", "family": "独居"}
    account = {"holder": "某人", "bank": "某银行", "account_number": "6222000011112222"}
    for person_id in _paid(ground):
        yield "relief", "RecordPayee", {"person_id": person_id, **account}


def _of_all(ground: Vandalised) -> Iterator[Order]:
    for service in LOG_SERVICES:
        yield service, "RecordExport", {"export_id": "export", "what": "members", "filters": "text=*", "rows": 1}
        if "RevealField" in catalogue().services[service].commands:
            yield service, "RevealField", {**_sealed(ground, service), "ground": "核对"}


def _members(ground: Vandalised, **which: Any) -> list[str]:
    """Two who are such."""
    found = _ask(ground, "membership", "members", sort="-pinyin", size=2, **which)
    return [row["person_id"] for row in found["rows"]]


def _paid(ground: Vandalised) -> list[str]:
    """Who stands on the newest pay list."""
    newest = _ask(ground, "relief", "pay_lists", size=1)["rows"][0]["pay_list_id"]
    rows = _ask(ground, "relief", "pay_list", pay_list_id=newest)["rows"]
    return sorted({row["person_id"] for row in rows})


def _ask(ground: Vandalised, service: str, question: str, **parameters: Any) -> Any:
    return ground.calls.ask(service, STATION, question, parameters, _who_may(ground, service, question))


def _sealed(ground: Vandalised, service: str) -> dict[str, Any]:
    """Where the first field stands that is sealed."""
    owner = ground.composition.service(service)
    position = 0
    while entries := owner.entries(f"{STATION}/{service}", position, 1_000):
        for entry in map(Entry.from_bytes, entries):
            for field in sealed_of(owner, entry.type).keys() & entry.payload.keys():
                return {"position": entry.position, "field": field}
        position += len(entries)
    raise AssertionError(f"nothing is sealed in {service}")


def _who_may(ground: Vandalised, service: str, asked: str) -> str:
    """The identity, confirmed, of somebody with a role for it."""
    roles = catalogue().services[service].permissions[asked]
    key, role = next((key, role) for key, role in HOLDERS.items() if role in roles)
    wanted = {"person_id": staff_id(STATION, key), "role": role, "confirmed": True}
    token: str = ground.calls.ask("access", STATION, "identity", wanted, ground.operator_token(STATION))["token"]
    return token
