"""The demo's accounts: one for each role at the published station, with passwords and secrets that all may know.

A system of the city signs in too, over REST.
"""

import base64
from collections.abc import Mapping
from hashlib import sha1, sha256
from typing import Any

import pyotp

from examples.guangnei_2017.driver import staff_id
from examples.guangnei_2017.grounds import Ground
from examples.guangnei_2017.plan import Plan
from lastmile.demo import DemoAccount, DemoSystem, keep_accounts, keep_systems
from lastmile.kernel.domain.identity import Role

PASSWORD, FIRST_PASSWORD = "guangnei-2017", "of the first day"
# The person of the plan, and the role in which they sign in. The account's name is the person's key.
HOLDERS: Mapping[str, str] = {
    "clerk-1": "clerk",
    "head": "station_head",
    "chair": "chair",
    "vice-chair": "vice_chair",
    "accountant": "accountant",
    "cashier": "cashier",
    "community-chair": "community_chair",
    "district-office": "district_office",
    "district-auditor": "district_auditor",
    "administrator": "administrator",
}
WITH_SECOND_FACTOR = frozenset({"chair", "vice-chair", "cashier"})
"""Who approves or releases money."""
CITY_SYSTEM, CITY_SCOPES = "city-12351", "logs.read reporting.read"
"""The system with which the city reads the station's logs and figures, and what it is let do."""
IN_A_HOUSEHOLD = "vice-chair"
"""Lives under one of the household files, and so has no hand in its aid."""


def open_accounts(plan: Plan, ground: Ground) -> list[DemoAccount]:
    """Open the accounts by access's own commands, past their first sign-in, and write down how to use them."""
    accounts = [_account(plan, key) for key in HOLDERS]
    for account in accounts:
        _open(account, ground)
        if account.account_name == IN_A_HOUSEHOLD:
            _link_to_a_household(account, ground)
    keep_accounts(ground.home, accounts)
    keep_systems(ground.home, [_register_system(plan.station.code, ground)])
    return accounts


def _register_system(station: str, ground: Ground) -> DemoSystem:
    secret = sha256(f"{PASSWORD}:{CITY_SYSTEM}".encode()).hexdigest()
    system = DemoSystem(station, CITY_SYSTEM, secret, Role.CITY_SYSTEM, "市总工会 12351 网站", CITY_SCOPES)
    body = {"client_id": CITY_SYSTEM, "name": system.name, "scopes": CITY_SCOPES}
    hashed = {"secret_hash": sha256(secret.encode()).hexdigest()}
    _tell("RegisterSystem", CITY_SYSTEM, station, body | hashed, ground, ground.operator_token(station))
    return system


def _account(plan: Plan, key: str) -> DemoAccount:
    secret = base64.b32encode(sha1(f"{PASSWORD}:{key}".encode(), usedforsecurity=False).digest()).decode()
    return DemoAccount(
        station=plan.station.code,
        account_name=key,
        password=PASSWORD,
        role=HOLDERS[key],
        name=plan.people[staff_id(plan.station.code, key)].name,
        secret=secret if key in WITH_SECOND_FACTOR else "",
    )


def _open(account: DemoAccount, ground: Ground) -> None:
    operator = ground.operator_token(account.station)
    person = staff_id(account.station, account.account_name)
    opened = {"person_id": person, "account_name": account.account_name, "first_password": FIRST_PASSWORD}
    _tell_of(account, "OpenAccount", opened, ground, operator)
    asked = {"person_id": person, "role": account.role}
    own = ground.calls.ask("access", account.station, "identity", asked, operator)["token"]
    _tell_of(account, "ChangePassword", {"old": FIRST_PASSWORD, "new": account.password}, ground, own)
    if account.secret:
        code = pyotp.TOTP(account.secret).at(ground.home.clock())
        _tell_of(
            account, "EnrolSecondFactor", {"person_id": person, "secret": account.secret, "code": code}, ground, own
        )


def _link_to_a_household(account: DemoAccount, ground: Ground) -> None:
    operator = ground.operator_token(account.station)
    asked = {"person_id": staff_id(account.station, account.account_name), "role": account.role}
    own = ground.calls.ask("access", account.station, "identity", asked, operator)["token"]
    (file,) = ground.calls.ask("relief", account.station, "cases", {"size": 1}, own)["rows"]
    on = ground.home.clock().date().isoformat()
    body = {"person_id": asked["person_id"], "member_id": file["person_id"], "kinship": "household", "occurred_on": on}
    _tell_of(account, "LinkMember", body, ground, own)


def _tell_of(account: DemoAccount, name: str, body: Mapping[str, Any], ground: Ground, token: str) -> None:
    _tell(name, account.account_name, account.station, body, ground, token)


def _tell(name: str, of: str, station: str, body: Mapping[str, Any], ground: Ground, token: str) -> None:
    row = (f"account:{of}:{name}", body)
    (outcome,) = ground.calls.tell("access", station, name, [row], token)
    if outcome["status"] != "done":
        raise RuntimeError(f"{name} {of}: {outcome['problem']}")
