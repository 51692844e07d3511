"""Who may ask what of access, and how far. A command or question without a row fails a test.

What is one's own (password, second factor, sessions) may be asked at whatever station: it is found at the account's.
"""

from lastmile.kernel.domain.identity import STATION_ROLES, Permissions, Role, Scope

_ADMINISTRATORS = {Role.OPERATOR: Scope.EVERY_STATION, Role.ADMINISTRATOR: Scope.STATION}
_CHAIR = {Role.CHAIR: Scope.STATION}
_LEADERS = {Role.CHAIR: Scope.STATION, Role.VICE_CHAIR: Scope.STATION, Role.STATION_HEAD: Scope.STATION}
_WITNESSES = _LEADERS | _ADMINISTRATORS
"""Those who know the people: they say whose household is whose, and agree to recoveries in which they had no hand."""

_GATEWAY = {Role.GATEWAY: Scope.EVERY_STATION}
_PEOPLE: tuple[Role, ...] = tuple(role for role in STATION_ROLES if role is not Role.CITY_SYSTEM)
_EVERYBODY = dict.fromkeys(_PEOPLE, Scope.STATION)
_FOR_ONESELF = dict.fromkeys(_PEOPLE, Scope.EVERY_STATION)
_AUDITOR = {Role.DISTRICT_AUDITOR: Scope.EVERY_STATION, Role.DISTRICT_OFFICE: Scope.EVERY_STATION}

CONFIRMED = frozenset({"RemoveSecondFactor"})
"""Whoever found a session open must not make its second factor their own."""

_LOG_READERS = {
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.CITY_SYSTEM: Scope.STATION,
}
"""Who may read the whole log, personal data as ciphertext."""

_EXPORTERS: dict[Role, Scope] = {
    **{role: Scope.STATION for role in STATION_ROLES if role not in (Role.CITY_SYSTEM, Role.COMMUNITY_CHAIR)},
    Role.DISTRICT_OFFICE: Scope.EVERY_STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
}
"""Who takes out as a file what they may list."""

PERMISSIONS: Permissions = {
    "RecordExport": _EXPORTERS,
    "log_entries": _LOG_READERS,
    "log_checkpoint": _LOG_READERS,
    "log_proof": _LOG_READERS,
    "applied": _GATEWAY,
    "RegisterPerson": _ADMINISTRATORS,
    "GrantRole": _ADMINISTRATORS,
    "RevokeRole": _ADMINISTRATORS,
    "NameStandIn": _CHAIR,
    "EndStandIn": _CHAIR,
    "LinkMember": _WITNESSES,
    "UnlinkMember": _ADMINISTRATORS,
    "OpenAccount": _ADMINISTRATORS,
    "ResetAccount": _ADMINISTRATORS,
    "CloseAccount": _ADMINISTRATORS,
    "WaiveSecondFactor": _ADMINISTRATORS,
    "AgreeToRecovery": _WITNESSES,
    "ChangePassword": _FOR_ONESELF | {Role.NEWCOMER: Scope.EVERY_STATION},
    "EnrolSecondFactor": _FOR_ONESELF,
    "RemoveSecondFactor": _FOR_ONESELF,
    "EndSession": _FOR_ONESELF,
    "SignIn": _GATEWAY,
    "SignInBySubject": _GATEWAY,
    "OpenSystemSession": _GATEWAY,
    "GiveSecondFactor": _GATEWAY,
    "UseSession": _GATEWAY,
    "SignOut": _GATEWAY,
    "LinkSubject": _ADMINISTRATORS,
    "UnlinkSubject": _ADMINISTRATORS,
    "RegisterSystem": _ADMINISTRATORS,
    "ReplaceSystemSecret": _ADMINISTRATORS,
    "WithdrawSystem": _ADMINISTRATORS,
    "RevealField": _ADMINISTRATORS,
    "identity": {Role.OPERATOR: Scope.EVERY_STATION},
    "session": _GATEWAY,
    "station_of": _GATEWAY,
    "names": _EVERYBODY | _AUDITOR | {Role.OPERATOR: Scope.EVERY_STATION},
    "persons_list": _ADMINISTRATORS | _LEADERS,
    "person": _ADMINISTRATORS | _LEADERS,
    "recoveries_waiting": _WITNESSES,
    "stand_ins": _ADMINISTRATORS | _LEADERS,
    "sessions": _FOR_ONESELF,
    "sign_ins_list": _FOR_ONESELF | {Role.ADMINISTRATOR: Scope.STATION},
    "systems_list": _ADMINISTRATORS,
    "history": _ADMINISTRATORS | _LEADERS | _AUDITOR,
    "revealed": _ADMINISTRATORS,
}
