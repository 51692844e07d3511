"""People and systems that sign in, over a stand-in for access with its contract's shapes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from lastmile.composition import Composition
from lastmile.kernel.domain.failures import NotFound, Unauthenticated
from lastmile.kernel.domain.identity import Identity, Role, sign_identity
from lastmile.kernel.wire.calls import Calls, Outcome, Row
from services.gateway.session import hashed

PASSWORD, CODE = "correct horse battery", "123456"
FOR_EVER = "2099-01-01T00:00:00Z"


@dataclass
class StandInAccess:
    """Answers what the gateway asks of access; passes on everything else."""

    calls: Calls
    composition: Composition
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tell(
        self,
        service: str,
        station: str,
        name: str,
        rows: Sequence[Row],
        token: str,
        expected_version: int | None = None,
    ) -> list[Outcome]:
        if service != "access" or not hasattr(self, f"_{name}"):
            return self.calls.tell(service, station, name, rows, token, expected_version)
        assert token == self.composition.gateway_token
        (row,) = rows
        kinds = getattr(self, f"_{name}")(row[1])
        answer = {"log": f"{station}/access", "position": 1, "stream": "", "version": 1, "event_ids": []}
        return [{"command_id": row[0], "status": "done", "answer": {**answer, "event_types": kinds}}]

    def ask(self, service: str, station: str, name: str, parameters: Mapping[str, Any], token: str) -> Any:
        if service != "access" or name not in ("session", "station_of"):
            return self.calls.ask(service, station, name, parameters, token)
        assert token == self.composition.gateway_token
        if name == "station_of":
            return self._station_of(parameters["client_id"])
        told = self.sessions.get(parameters["token_hash"])
        if told is None:
            raise Unauthenticated
        return {**told, "identity": self._identity(told)}

    def let_in(self, token: str, role: Role, station: str, person_id: str = "", **more: Any) -> dict[str, str]:
        """Open a session in this role; the header that shows it."""
        self.sessions[hashed(token)] = told(person_id or str(role), role, station, **more)
        return {"Authorization": f"Bearer {token}"}

    def _station_of(self, client_id: str) -> dict[str, str]:
        if client_id not in self.accounts:
            raise NotFound
        return {"station": self.accounts[client_id]["station"]}

    def _SignIn(self, body: Mapping[str, Any]) -> list[str]:  # noqa: N802 - named after the command.
        account = self.accounts.get(body["account_name"])
        if account is None or body["password"] != PASSWORD:
            return ["SignInRefused"]
        self.sessions[body["token_hash"]] = {**account, "session_id": body["session_id"]}
        return ["SignedIn"]

    def _OpenSystemSession(self, body: Mapping[str, Any]) -> list[str]:  # noqa: N802
        account = self.accounts.get(body["client_id"])
        if account is None or body["secret_hash"] != hashed(PASSWORD):
            return ["UnknownSignInRefused"]
        self.sessions[body["token_hash"]] = {**account, "session_id": body["session_id"]}
        return ["SignedIn"]

    def _GiveSecondFactor(self, body: Mapping[str, Any]) -> list[str]:  # noqa: N802
        if body["code"] != CODE:
            return ["SecondFactorRefused"]
        for session in self.sessions.values():
            if session["session_id"] == body["session_id"]:
                session["confirmed_until"] = FOR_EVER
        return ["SecondFactorGiven"]

    def _SignOut(self, body: Mapping[str, Any]) -> list[str]:  # noqa: N802
        self.sessions = {k: v for k, v in self.sessions.items() if v["session_id"] != body["session_id"]}
        return ["SignedOut"]

    def _identity(self, told: Mapping[str, Any]) -> str:
        expires_at = (self.composition.home.clock() + timedelta(hours=1)).isoformat()
        identity = Identity(
            told["person_id"],
            Role(told["role"]),
            told["station"],
            expires_at,
            told["community"],
            told["confirmed_until"],
        )
        return sign_identity(identity, self.composition.home.identity_key())


def told(person_id: str, role: Role, station: str, **more: Any) -> dict[str, Any]:
    """What access tells of a session; chairs of a community are of c1."""
    community = "c1" if role is Role.COMMUNITY_CHAIR else ""
    return {
        "session_id": person_id,
        "person_id": person_id,
        "account_name": person_id,
        "name": "王某",
        "home_station": station,
        "station": station,
        "role": str(role),
        "community": community,
        "roles": [{"station": station, "role": str(role), "community": community, "until": ""}],
        "scopes": [],
        "must_change_password": False,
        "has_second_factor": True,
        "confirmed_until": "",
        "use_due": False,
        "use_key": "",
        **more,
    }
