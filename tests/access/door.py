"""Access as people and the gateway meet it: persons registered, accounts opened, sessions begun and shown."""

from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any

from pyotp import TOTP

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.domain.identity import Identity, Role, gateway_identity, read_identity
from lastmile.kernel.store.execution import Answer, Order
from lastmile.kernel.store.service import Service
from tests.access.clock import Clock

HERE, THERE = "110102017", "110102018"
FIRST, OWN = "first-words-here", "own words, well kept"
HOME, ELSEWHERE = "10.0.0.7", "203.0.113.9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
FOR_EVER = "9999-12-31T00:00:00Z"

OPERATOR = Identity("operator", Role.OPERATOR, HERE, FOR_EVER)
ADMINISTRATOR = Identity("wang", Role.ADMINISTRATOR, HERE, FOR_EVER)
CHAIR = Identity("zhang", Role.CHAIR, HERE, FOR_EVER)


def hashed(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def oneself(person_id: str, role: Role = Role.CLERK, confirmed_until: str = "") -> Identity:
    return Identity(person_id, role, HERE, FOR_EVER, confirmed_until=confirmed_until)


@dataclass
class Door:
    """Tells access what people do; a new command id each time."""

    access: Service
    clock: Clock
    numbers: Any = field(default_factory=count)

    def tell(self, asked: str, by: Identity = OPERATOR, at: str = HERE, **body: Any) -> Answer:
        order = Order(command_id=f"{asked}:{next(self.numbers)}", station=at, name=asked, body=body, identity=by)
        return self.access.command(order)

    def ask(self, asked: str, by: Identity = OPERATOR, at: str = HERE, **parameters: Any) -> Any:
        return self.access.ask(asked, by, at, parameters)

    def refusal(self, asked: str, by: Identity = OPERATOR, at: str = HERE, **body: Any) -> Failure:
        """The failure with which the command is refused."""
        try:
            answer = self.tell(asked, by, at, **body)
        except Failure as failure:
            return failure
        raise AssertionError(f"{asked} was carried out: {answer['event_types']}")

    def register(self, person_id: str = "li", role: str = "clerk", station: str = HERE, **more: str) -> None:
        on = {"occurred_on": "2017-01-02"}
        self.tell("RegisterPerson", at=station, person_id=person_id, name=f"{person_id} 某", **on)
        if role:
            self.tell("GrantRole", at=station, person_id=person_id, role=role, **more, **on)

    def open_account(self, person_id: str = "li", station: str = HERE, password: str = FIRST) -> None:
        body = {"person_id": person_id, "account_name": f"{person_id}.account", "first_password": password}
        self.tell("OpenAccount", at=station, **body)

    def settled(self, person_id: str = "li", role: str = "clerk", **more: str) -> None:
        """A person with a role and an account whose first password was changed."""
        self.register(person_id, role, **more)
        self.open_account(person_id)
        self.tell("ChangePassword", oneself(person_id), old=FIRST, new=OWN)

    def knock(
        self,
        person_id: str = "li",
        password: str = OWN,
        *,
        address: str = HOME,
        device: str = "",
        session_id: str = "",
        station: str = HERE,
    ) -> tuple[str, str]:
        """Try to sign in: the name of the event that follows, and the token if it is let in."""
        session_id = session_id or f"s{next(self.numbers)}"
        body = {
            "session_id": session_id,
            "token_hash": hashed(f"token of {session_id}"),
            "account_name": f"{person_id}.account",
            "password": password,
            "address": address,
            **({"device_hash": hashed(device)} if device else {}),
        }
        (outcome,) = self.tell("SignIn", gateway_identity(), station, **body)["event_types"]
        return outcome, f"token of {session_id}"

    def sign_in(self, person_id: str = "li", password: str = OWN, **more: Any) -> str:
        """The token of a session that begins."""
        outcome, token = self.knock(person_id, password, **more)
        assert outcome == "SignedIn"
        return token

    def session(self, token: str, **chosen: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("session", gateway_identity(), token_hash=hashed(token), **chosen)
        return found

    def identity(self, token: str, **chosen: str) -> Identity:
        """Who acts, as every service reads it."""
        assert self.access.resources.identity_key
        signed = self.session(token, **chosen)["identity"]
        return read_identity(signed, self.access.resources.identity_key.public_key(), self.clock())

    def enrol(self, person_id: str = "li") -> None:
        self.tell("EnrolSecondFactor", oneself(person_id), person_id=person_id, secret=SECRET, code=self.code())
        self.clock.move(seconds=30)

    def code(self) -> str:
        """The code of this moment."""
        made: str = TOTP(SECRET).at(self.clock())
        return made

    def give(self, token: str, code: str) -> str:
        """Give a code in the session: the name of the event that follows."""
        session_id = token.removeprefix("token of ")
        (outcome,) = self.tell("GiveSecondFactor", gateway_identity(), session_id=session_id, code=code)["event_types"]
        return outcome
