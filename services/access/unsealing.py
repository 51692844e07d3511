"""Reading what stands sealed in access's own log, on its way to whoever may see it; nothing is kept in clear."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, tuple_

from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.store.keystore import Keystore, PersonIsErased, unseal
from lastmile.kernel.store.log import events

Standing = tuple[str, int]
"""A station, and a position in its log of access."""

READ_AT_ONCE = 400


def unsealed(connection: Connection, keystore: Keystore, at: Standing, field: str, purpose: str) -> str | None:
    """The sealed field of the event that stands there, None if the person was erased."""
    return unsealed_all(connection, keystore, {"": at}, field, purpose).get("")


def unsealed_all(
    connection: Connection, keystore: Keystore, asked: Mapping[str, Standing], field: str, purpose: str
) -> dict[str, str]:
    """The sealed field of each event, by the key under which it was asked; those of erased persons are missing."""
    entries = _entries(connection, list(asked.values()))
    keys = _keys(keystore, {(entry.payload["person_id"], purpose) for entry in entries.values()})
    found = {}
    for key, at in asked.items():
        entry = entries[at]
        opens = keys.get((entry.payload["person_id"], purpose))
        if opens is not None:
            found[key] = unseal(opens, entry.event_id, field, entry.payload[field])
    return found


def _keys(keystore: Keystore, wanted: set[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """The keys of those who were not erased."""
    try:
        return keystore.keys(wanted)
    except PersonIsErased as erased:
        return _keys(keystore, {pair for pair in wanted if pair[0] != erased.where["person_id"]})


def _entries(connection: Connection, standing: list[Standing]) -> dict[Standing, Entry]:
    found = {}
    for start in range(0, len(standing), READ_AT_ONCE):
        places = [(log_name(station, "access"), position) for station, position in standing[start:][:READ_AT_ONCE]]
        query = select(events.c.log, events.c.position, events.c.entry)
        for row in connection.execute(query.where(tuple_(events.c.log, events.c.position).in_(places))):
            found[row.log.partition("/")[0], row.position] = Entry.from_bytes(bytes(row.entry))
    return found
