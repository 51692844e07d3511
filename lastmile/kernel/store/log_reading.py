"""Reading a station's whole log from outside, to check it; and how far others' logs were applied here."""

from typing import Annotated, Any, TypedDict

from marshmallow import Schema, fields, validate
from sqlalchemy import func, select

from lastmile.kernel.domain.canonical import LARGEST_INTEGER
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.failures import NotFound
from lastmile.kernel.store import checkpoints, log
from lastmile.kernel.store.checkpoints import HistoryChanged
from lastmile.kernel.store.exporting import proof_of
from lastmile.kernel.store.following import cursors
from lastmile.kernel.store.service import ENTRIES_IN_AN_ANSWER, Asking, Query


class FromPosition(Schema):
    """Behind which position, and how many entries at most."""

    after = fields.Integer(load_default=0, strict=True, validate=validate.Range(0, LARGEST_INTEGER))
    limit = fields.Integer(
        load_default=ENTRIES_IN_AN_ANSWER, strict=True, validate=validate.Range(1, ENTRIES_IN_AN_ANSWER)
    )


class AtPosition(Schema):
    """Which entry."""

    position = fields.Integer(required=True, strict=True, validate=validate.Range(1, LARGEST_INTEGER))


class Entries(TypedDict):
    """Entries in order, each as the text that was hashed, and the position at which the log ends."""

    entries: list[str]
    position: int


class Checkpoint(TypedDict):
    """A C2SP signed note, and the public key to check it with."""

    note: str
    key: str


class Proof(TypedDict):
    """That an entry stands in the log which the checkpoint signs: a file for the verifier."""

    log: str
    position: int
    entry: Annotated[str, "The entry as it was hashed."]
    checkpoint: Annotated[str, "A C2SP signed note."]
    path: Annotated[list[str], "The hashes beside the way from the leaf to the root (RFC 6962), in hex."]


def with_log(service: str) -> tuple[Query, ...]:
    """What a service with a log answers about it: `log_entries`, `log_checkpoint`, `log_proof` and `applied`."""

    def entries(asking: Asking) -> dict[str, Any]:
        """Entries as the texts that were hashed and signed, in order; personal data is ciphertext."""
        name, asked = log_name(asking.station, service), asking.parameters
        end = _end(asking, name)
        found = log.entries_after(asking.connection, name, asked["after"], asked["limit"])
        return {"entries": [data.decode() for data in found], "position": end}

    def checkpoint(asking: Asking) -> dict[str, Any]:
        """The newest signed checkpoint, and the public key that it is checked with."""
        name = log_name(asking.station, service)
        _end(asking, name)
        found = checkpoints.newest(asking.connection, name)
        key = asking.resources.log_keys.verifiers().get(name)
        if found is None or key is None:
            raise NotFound(f"no checkpoint of {name} was signed yet", log=name)
        return {"note": found[1], "key": str(key)}

    def proof(asking: Asking) -> dict[str, Any]:
        """The proof that one entry stands in the log which the newest checkpoint signs."""
        name, position = log_name(asking.station, service), asking.parameters["position"]
        try:
            return proof_of(asking.connection, name, position)
        except ValueError as error:
            raise HistoryChanged(str(error), log=name, position=position) from None

    return (
        Query("log_entries", entries, Entries, FromPosition()),
        Query("log_checkpoint", checkpoint, Checkpoint),
        Query("log_proof", proof, Proof, AtPosition()),
        APPLIED,
    )


def applied(asking: Asking) -> dict[str, int]:
    """Each log of the station to the last position of it that this service's views show."""
    ours = cursors.c.log.startswith(f"{asking.station}/")
    query = select(cursors.c.log, func.min(cursors.c.position).label("position")).where(ours).group_by(cursors.c.log)
    found = {row.log: row.position for row in asking.connection.execute(query)}
    own = {head.log: head.position for head in log.ends(asking.connection) if head.station == asking.station}
    return {**found, **own}


APPLIED = Query("applied", applied, dict[str, int])


def _end(asking: Asking, name: str) -> int:
    for head in log.ends(asking.connection):
        if head.log == name:
            return head.position
    raise NotFound(f"there is no log {name}", log=name)
