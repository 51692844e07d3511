"""Who may ask what of access, and how far. A command or question without a row fails a test."""

from lastmile.kernel.domain.identity import STATION_ROLES, Permissions, Role, Scope

_ADMINISTRATORS = {Role.OPERATOR: Scope.EVERY_STATION, Role.ADMINISTRATOR: Scope.STATION}
_LOG_READERS = {
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.CITY_SYSTEM: Scope.STATION,
}
"""Who may read the whole log, personal data as ciphertext."""
_GATEWAY = {Role.GATEWAY: Scope.EVERY_STATION}

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
    "identity": {Role.OPERATOR: Scope.EVERY_STATION},
}
