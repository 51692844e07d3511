"""Who may ask what of access, and how far. A command or question without a row fails a test."""

from lastmile.kernel.domain.identity import Permissions, Role, Scope

_ADMINISTRATORS = {Role.OPERATOR: Scope.EVERY_STATION, Role.ADMINISTRATOR: Scope.STATION}
_LOG_READERS = {
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.CITY_SYSTEM: Scope.STATION,
}
"""Who may read the whole log, personal data as ciphertext."""
_GATEWAY = {Role.GATEWAY: Scope.EVERY_STATION}

PERMISSIONS: Permissions = {
    "log_entries": _LOG_READERS,
    "log_checkpoint": _LOG_READERS,
    "applied": _GATEWAY,
    "RegisterPerson": _ADMINISTRATORS,
    "GrantRole": _ADMINISTRATORS,
    "RevokeRole": _ADMINISTRATORS,
    "identity": {Role.OPERATOR: Scope.EVERY_STATION},
}
