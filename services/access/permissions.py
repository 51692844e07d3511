"""Who may ask what of access, and how far. A command or question without a row fails a test."""

from lastmile.kernel.domain.identity import Permissions, Role, Scope

_ADMINISTRATORS = {Role.OPERATOR: Scope.EVERY_STATION, Role.ADMINISTRATOR: Scope.STATION}

PERMISSIONS: Permissions = {
    "RegisterPerson": _ADMINISTRATORS,
    "GrantRole": _ADMINISTRATORS,
    "RevokeRole": _ADMINISTRATORS,
    "identity": {Role.OPERATOR: Scope.EVERY_STATION},
}
