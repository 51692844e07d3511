"""Who may ask what of reporting, and how far. Figures hold no personal data; district roles see every station.

A city system takes the figures of the station at which it is registered, with the scope `reporting.read`.
"""

from lastmile.kernel.domain.identity import Permissions, Role, Scope

_READERS = {
    Role.CLERK: Scope.STATION,
    Role.STATION_HEAD: Scope.STATION,
    Role.CHAIR: Scope.STATION,
    Role.VICE_CHAIR: Scope.STATION,
    Role.ACCOUNTANT: Scope.STATION,
    Role.CASHIER: Scope.STATION,
    Role.ADMINISTRATOR: Scope.STATION,
    Role.CITY_SYSTEM: Scope.STATION,
    Role.DISTRICT_OFFICE: Scope.EVERY_STATION,
    Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
    Role.OPERATOR: Scope.EVERY_STATION,
}

PERMISSIONS: Permissions = {
    "applied": {Role.GATEWAY: Scope.EVERY_STATION},
    "report": _READERS,
    "explain": _READERS,
    "stops": {
        Role.ADMINISTRATOR: Scope.STATION,
        Role.DISTRICT_AUDITOR: Scope.EVERY_STATION,
        Role.OPERATOR: Scope.EVERY_STATION,
    },
}
