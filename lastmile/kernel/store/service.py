"""One service, whole: its definition as data, and the object that answers commands, questions and followers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from marshmallow import Schema, ValidationError
from marshmallow.fields import Field, Nested
from sqlalchemy import Connection, MetaData, Table, func, select

from lastmile.kernel.domain.aggregate import Handlers, stream_name
from lastmile.kernel.domain.answers import answer_field, page_of
from lastmile.kernel.domain.entry import log_name
from lastmile.kernel.domain.failures import Failure, Invalid, NotFound
from lastmile.kernel.domain.identity import Identity, Permissions, Scope
from lastmile.kernel.store import checkpoints, log
from lastmile.kernel.store.changes import Fold
from lastmile.kernel.store.checkpoints import LogKeys
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.execution import STATION_TIME, Answer, Clock, Executor, Order, plain_body
from lastmile.kernel.store.following import Applies, End, Follower, Source
from lastmile.kernel.store.keystore import Keystore
from lastmile.kernel.store.listening import Copies, Erasures, Reaction, Reactions

ENTRIES_IN_AN_ANSWER = 1_000


@dataclass(frozen=True)
class Asking:
    """A question as its view gets it: parsed parameters, and what may be read."""

    connection: Connection
    resources: "Resources"
    station: str
    today: date
    parameters: Mapping[str, Any]
    identity: Identity
    community: str | None = None
    """The one community that the asker may see; None for all."""

    def version(self, aggregate: str, key: str) -> int:
        """Of a record's own stream, for If-Match. Asked before the record is read: never newer than what is told."""
        events = log.events.c
        query = select(func.max(events.version)).where(events.stream == stream_name(self.station, aggregate, key))
        return self.connection.execute(query).scalar() or 0


@dataclass(frozen=True)
class Query:
    """A question that a service answers: the view that answers it, the shape of the answer, and its parameters.

    The shape is one for `answer_field`: of a list, that of its rows.
    """

    name: str
    view: Callable[[Asking], Any]
    answer: Any
    parameters: Schema = field(default_factory=Schema)
    by_community: bool = False
    """Whether the view minds `Asking.community`: only then may chairs of a community ask it."""

    @property
    def listed(self) -> bool:
        """Whether it is about a list, and answers rows and a cursor."""
        return {"sort", "page", "after", "size"} <= self.parameters.fields.keys()

    @cached_property
    def answered(self) -> Field[Any]:
        """What holds the whole answer. Answers are not read through it as they are given: the tests do so."""
        return Nested(page_of(self.answer)) if self.listed else answer_field(self.answer)


@dataclass(frozen=True)
class Definition:
    """What a service is: everything the kernel needs to run it, as data."""

    name: str
    tables: MetaData
    migrations: Path
    permissions: Permissions
    handlers: Handlers = field(default_factory=lambda: Handlers(()))
    folds: Sequence[Fold] = ()
    queries: Sequence[Query] = ()
    heard: Sequence[type] = ()
    copy_folds: Sequence[Fold] = ()
    reactions: Sequence[Reaction] = ()
    schemas: Mapping[str, Schema] = field(default_factory=dict)
    erasure: type | None = None
    """The event, heard or own, after which a person's keys are destroyed here."""
    confirmed: frozenset[str] = frozenset()
    """The commands and questions that need a second factor given lately."""
    clear: Sequence[Table] = ()
    """The views in which personal data stands in clear."""
    journals: Sequence[str] = ()
    """The services whose whole logs are kept here."""

    follows: Mapping[str, frozenset[str]] = field(init=False)
    """The followers this definition asks for, by name, with the services whose logs each follows."""

    def __post_init__(self) -> None:
        sources = {
            "copies": {_source(kind) for kind in self.heard},
            "reactions": {_source(reaction.hears) for reaction in self.reactions},
            "erasures": {_source(self.erasure)} if self.erasure else set(),
            "journal": set(self.journals),
        }
        object.__setattr__(self, "follows", {name: frozenset(found) for name, found in sources.items() if found})

    @property
    def events(self) -> tuple[type, ...]:
        """Every event class that this service publishes."""
        aggregates = {id(h.aggregate): h.aggregate for h in self.handlers.handled}
        return tuple(kind for aggregate in aggregates.values() for kind in aggregate.events)


@dataclass(frozen=True)
class Resources:
    """What a service is given to run with."""

    database: Database
    keystore: Keystore
    log_keys: LogKeys
    clock: Clock
    identity_key: Ed25519PrivateKey | None = None
    """The key that signs identities: given to access alone."""


def _source(kind: type) -> str:
    source: str = kind.__source__  # type: ignore[attr-defined]
    return source


class Service:
    """A running service. People and neighbours reach it through these methods, directly or over HTTP."""

    def __init__(self, definition: Definition, resources: Resources) -> None:
        self.definition, self.resources = definition, resources
        self.name, self.database = definition.name, resources.database
        self.executor = Executor(
            definition.name,
            resources.database,
            resources.keystore,
            definition.handlers,
            definition.permissions,
            definition.folds,
            resources.clock,
            dict(definition.schemas),
            definition.confirmed,
        )
        self.queries = {query.name: query for query in definition.queries}
        self.followers = self._followers()

    def _followers(self) -> list[Follower]:
        definition, keystore = self.definition, self.resources.keystore
        found = []
        if "copies" in definition.follows:
            found.append(self.follower("copies", Copies(definition.heard, definition.copy_folds)))
        if "reactions" in definition.follows:
            found.append(self.follower("reactions", Reactions("reactions", definition.reactions, self.executor)))
        if definition.erasure:
            keystore.erasures_replayed = False
            erasures = Erasures(definition.erasure, keystore, self.database, definition.clear)
            found.append(self.follower("erasures", erasures, keystore.database))
        return found

    def follower(self, name: str, applies: Applies, database: Database | None = None) -> Follower:
        followed = self.definition.follows[name]
        return Follower(name, database or self.database, applies, followed, self.resources.clock)

    def catch_up(self, sources: Mapping[str, Source]) -> int:
        """Let every follower pull what it misses. Answers how many entries were applied."""
        return sum(self.catch_up_one(follower, sources) for follower in self.followers)

    def replay_erasures(self, sources: Mapping[str, Source]) -> None:
        """Before the key store opens: destroy what it may have got back from an older copy."""
        for follower in self.followers:
            if follower.name == "erasures":
                self.catch_up_one(follower, sources)

    def catch_up_one(self, follower: Follower, sources: Mapping[str, Source]) -> int:
        """Let one follower pull from those owners it follows. Raises Unavailable if one is away."""
        applied = sum(follower.catch_up(sources[name]) for name in sorted(follower.services) if name in sources)
        if follower.name == "erasures" and follower.services <= sources.keys():
            self.resources.keystore.erasures_replayed = True
        return applied

    def open_station(self, station: str) -> bool:
        """Make the station's empty log and its key; services without commands have none. True if it was made."""
        if not self.definition.handlers.handled:
            return False
        with self.database.write() as connection:
            made = log.open_log(connection, station, self.name)
            end = log.lock_head(connection, log_name(station, self.name))
        self.resources.log_keys.signer(end.log, end.origin)
        return made

    def command(self, order: Order) -> Answer:
        return self.executor.execute(order)

    def commands(self, orders: Sequence[Order]) -> list[Answer | Failure]:
        return self.executor.execute_all(orders)

    def ask(self, name: str, identity: Identity, station: str, parameters: Mapping[str, Any]) -> Any:
        """The answer to a question. Raises Invalid naming wrong parameters, Forbidden, NotFound."""
        query = self.queries.get(name)
        if query is None:
            raise NotFound(f"the service {self.name} answers no question {name}", asked=name)
        scope = identity.may(name, station, self.definition.permissions)
        identity.confirmed(name, self.definition.confirmed, self.resources.clock())
        community = identity.community if scope is Scope.COMMUNITY else None
        try:
            loaded: Any = query.parameters.load(plain_body(dict(parameters)))
        except ValidationError as error:
            raise Invalid(error.messages_dict) from None
        with self.database.read() as connection:
            return query.view(Asking(connection, self.resources, station, self.today(), loaded, identity, community))

    def today(self) -> date:
        """The date at the station."""
        return self.resources.clock().astimezone(STATION_TIME).date()

    def ends(self) -> list[End]:
        """Where each log of this service ends."""
        with self.database.read() as connection:
            return [End(head.log, head.origin, head.position, head.leaf) for head in log.ends(connection)]

    def entries(self, log_name: str, after: int, limit: int) -> list[bytes]:
        """The bytes of up to `limit` (1,000 at most) entries behind a position."""
        with self.database.read() as connection:
            return log.entries_after(connection, log_name, after, min(limit, ENTRIES_IN_AN_ANSWER))

    def sign_checkpoints(self) -> int:
        return checkpoints.sign_new(self.database, self.resources.log_keys)

    def checkpoint(self, log_name: str) -> str:
        """The newest signed checkpoint of a log."""
        with self.database.read() as connection:
            found = checkpoints.newest(connection, log_name)
        if found is None:
            raise NotFound(f"no checkpoint of {log_name} was signed yet", log=log_name)
        return found[1]
