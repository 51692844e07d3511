"""What access is: its commands, what each decision reads, its view and its question, as data."""

from pathlib import Path

from lastmile.kernel.domain.aggregate import Handlers, Handles, by_field
from lastmile.kernel.domain.exported import RECORD_EXPORT
from lastmile.kernel.store.execution import Reading
from lastmile.kernel.store.log_reading import with_log
from lastmile.kernel.store.service import Definition, Query
from services.access import person, role, signing
from services.access.permissions import PERMISSIONS
from services.access.schemas import InRole
from services.access.tables import access_tables
from services.access.views import roles_held


def grantee(reading: Reading, command: role.GrantRole, _prepared: None) -> role.Grantee:
    connection, station = reading.connection, reading.station
    return role.Grantee(
        registered=roles_held.registered(connection, station, command.person_id),
        held_elsewhere=roles_held.held_elsewhere(connection, station, command.person_id),
    )


_PERSON = by_field("person_id")

HANDLERS = Handlers(
    (
        RECORD_EXPORT,
        Handles(person.RegisterPerson, person.person, person.register_person, _PERSON),
        Handles(role.GrantRole, role.role, role.grant_role, _PERSON, grantee),
        Handles(role.RevokeRole, role.role, role.revoke_role, _PERSON),
    )
)

ACCESS = Definition(
    name="access",
    tables=access_tables,
    migrations=Path(__file__).parent / "migrations",
    permissions=PERMISSIONS,
    handlers=HANDLERS,
    folds=(roles_held.fold,),
    queries=(
        *with_log("access"),
        Query("identity", signing.identity, InRole()),
    ),
)
