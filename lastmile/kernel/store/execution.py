"""Carrying out commands: under the log's lock, read what the decision needs, decide, append, update the views."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import ValidationError
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from uuid6 import uuid7

from lastmile.kernel.domain.aggregate import Handlers, Handles, stream_name
from lastmile.kernel.domain.canonical import NotPlain, canonical, plain
from lastmile.kernel.domain.entry import Entry, log_name
from lastmile.kernel.domain.events import command_type, event_type
from lastmile.kernel.domain.failures import Conflict, Failure, Forbidden, Invalid, NotFound, StaleVersion
from lastmile.kernel.domain.fields import no_identity_number
from lastmile.kernel.domain.identity import Identity, Permissions, Scope
from lastmile.kernel.store import log
from lastmile.kernel.store.changes import Changed, Fold, Place, carry_out
from lastmile.kernel.store.commands import body_hmac, first_answers, keep_answers, same_body
from lastmile.kernel.store.database import Database
from lastmile.kernel.store.keystore import Keystore, seal
from lastmile.kernel.store.many_rows import Row

ROWS_IN_A_TRANSACTION = 500
TRIES = 3
STATION_TIME = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
Answer = dict[str, Any]


COMMAND_ID = re.compile(r"[ -~]{1,160}")


def plain_body(body: Any) -> Any:
    """A body that can be hashed and stored. Raises Invalid naming the field that cannot."""
    try:
        return plain(body)
    except NotPlain as error:
        raise Invalid({error.field or "body": [str(error)]}) from None


@dataclass(frozen=True, kw_only=True)
class Order:
    """A command as someone asked it: who, at which station, under which id, with which JSON body."""

    command_id: str
    station: str
    name: str
    body: Any
    identity: Identity
    correlation_id: str = ""
    causation_id: str = ""
    expected_version: int | None = None
    """The version of the stream that the asker read (If-Match); StaleVersion if it is another by now."""


@dataclass
class _Accepted:
    """An order that is well formed and permitted."""

    order: Order
    handles: Handles
    command: Any
    hmac: bytes
    scope: Scope
    prepared: Any = None
    stream: str = ""


@dataclass(frozen=True)
class Reading:
    """What a decision's facts may be read from: this service's own views, as they stand under the log's lock."""

    connection: Connection
    station: str
    today: date


@dataclass(frozen=True)
class WorkPlace:
    """What may be looked up or computed before the transaction; what computes for long is run `aside`."""

    keystore: Keystore
    database: Database
    clock: Clock
    aside: Callable[..., Any] = lambda work, *given: work(*given)
    station: str = ""


class Executor:
    """Carries out the commands of one service, each on the log of its station."""

    def __init__(
        self,
        service: str,
        database: Database,
        keystore: Keystore,
        handlers: Handlers,
        permissions: Permissions,
        folds: Sequence[Fold],
        clock: Clock,
        schemas: dict[str, Any] | None = None,
        confirmed: Collection[str] = (),
    ) -> None:
        self.service, self.database, self.keystore = service, database, keystore
        self.handlers, self.permissions, self.folds, self.clock = handlers, permissions, folds, clock
        self.schemas, self.confirmed = schemas or {}, confirmed
        self.work_place = WorkPlace(keystore, database, clock)

    def execute(self, order: Order) -> Answer:
        """Carry out one command and answer where it stands in the log. Raises a Failure, having changed nothing."""
        (outcome,) = self.execute_all([order])
        if isinstance(outcome, Failure):
            raise outcome
        return outcome

    def execute_all(self, orders: Sequence[Order]) -> list[Answer | Failure]:
        """Carry out many commands, a result each, in transactions of up to 500 of one station.

        A refused or malformed one spoils nothing; after a crash the same call goes on where it stopped.
        """
        outcomes: list[Answer | Failure] = []
        for _, same_station in groupby(orders, key=attrgetter("station")):
            ours = list(same_station)
            for start in range(0, len(ours), ROWS_IN_A_TRANSACTION):
                outcomes += self._execute_part(ours[start : start + ROWS_IN_A_TRANSACTION])
        return outcomes

    def _execute_part(self, orders: Sequence[Order]) -> list[Answer | Failure]:
        outcomes: list[Answer | Failure | None] = [None] * len(orders)
        accepted: dict[int, _Accepted] = {}
        today = self._today()
        for index, order in enumerate(orders):
            try:
                accepted[index] = self._accept(order, today)
            except Failure as failure:
                outcomes[index] = failure
        if accepted:
            self._prepare(list(accepted.values()))
            for index, outcome in zip(accepted, self._with_retries(list(accepted.values())), strict=True):
                outcomes[index] = outcome
        return [outcome for outcome in outcomes if outcome is not None]

    def _today(self) -> date:
        return self.clock().astimezone(STATION_TIME).date()

    def _accept(self, order: Order, today: date) -> _Accepted:
        handles = self.handlers.by_name.get(order.name)
        if handles is None:
            raise NotFound(f"the service {self.service} knows no command {order.name}", asked=order.name)
        scope = order.identity.may(order.name, order.station, self.permissions)
        order.identity.confirmed(order.name, self.confirmed, self.clock())
        if not COMMAND_ID.fullmatch(order.command_id):
            raise Invalid({"command_id": ["Needed: 1 to 160 letters, digits and signs (ASCII)."]})
        try:
            no_identity_number(order.command_id)
        except ValidationError as error:
            raise Invalid({"command_id": list(error.messages)}) from None
        body = plain_body(order.body)
        declared = command_type(handles.command)
        who = order.identity
        command = declared.parse(
            body, actor=who.person_id, household=who.household, today=today, schema=self.schemas.get(order.name)
        )
        told = {name: value for name, value in body.items() if name not in declared.secret}
        return _Accepted(order, handles, command, body_hmac(self.keystore.master.bodies, order.name, told), scope)

    def _prepare(self, accepted: list[_Accepted]) -> None:
        by_handler: dict[str, list[_Accepted]] = {}
        for item in accepted:
            if item.handles.prepare:
                by_handler.setdefault(item.handles.name, []).append(item)
        for items in by_handler.values():
            assert items[0].handles.prepare
            place = replace(self.work_place, station=items[0].order.station)
            prepared = items[0].handles.prepare(place, [item.command for item in items])
            for item, value in zip(items, prepared, strict=True):
                item.prepared = value
        for item in accepted:
            key = item.handles.key(item.command, item.prepared)
            item.stream = stream_name(item.order.station, item.handles.aggregate.name, key)

    def _with_retries(self, accepted: list[_Accepted]) -> list[Answer | Failure]:
        for _ in range(TRIES):
            try:
                return self._transaction(accepted)
            except (IntegrityError, OperationalError, Failure) as error:
                if isinstance(error, Failure) and error.code == "unavailable":
                    raise
                if len(accepted) > 1:
                    return [outcome for item in accepted for outcome in self._with_retries([item])]
                if isinstance(error, Failure):
                    return [error]
        return [Conflict("another command changed the same at the same time, three times; ask again")]

    def _transaction(self, accepted: list[_Accepted]) -> list[Answer | Failure]:
        station = accepted[0].order.station
        outcomes: list[Answer | Failure] = []
        with self.database.write() as connection:
            head = log.lock_head(connection, log_name(station, self.service))
            work = _Work(self, connection, head, self._today())
            asked = [(item.order.identity.person_id, item.order.command_id) for item in accepted]
            answered = first_answers(connection, station, asked)
            work.preload([item.stream for item, id_ in zip(accepted, asked, strict=True) if id_ not in answered])
            for item, command_id in zip(accepted, asked, strict=True):
                try:
                    if command_id in answered:
                        first, answer = answered[command_id]
                        same_body(first, item.hmac, item.order.command_id)
                    else:
                        answer = work.carry_out(item)
                        answered[command_id] = (item.hmac, answer)
                    outcomes.append(answer)
                except Failure as failure:
                    outcomes.append(failure)
            work.finish()
        return outcomes


@dataclass
class _Work:
    """One transaction on one log: states as they change, drafts and view rows that wait to be written."""

    executor: Executor
    connection: Connection
    head: log.Head
    today: date
    states: dict[str, tuple[Any, int]] = field(default_factory=dict)
    drafts: list[log.Draft] = field(default_factory=list)
    written: list[Any] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    changed_by: set[str] = field(default_factory=set)
    answers: list[Row] = field(default_factory=list)
    stored: dict[str, list[Entry]] = field(default_factory=dict)

    def preload(self, names: Sequence[str]) -> None:
        unique = sorted(set(names))
        self.stored = log.streams(self.connection, self.head.log, unique) if unique else {}

    def state(self, stream: str, handles: Handles) -> tuple[Any, int]:
        if stream not in self.states:
            state, version = handles.aggregate.initial, 0
            kinds = {event_type(kind).name: event_type(kind) for kind in handles.aggregate.events}
            for entry in self.stored.get(stream, ()):
                state = handles.aggregate.evolve(state, kinds[entry.type].load(entry.payload, entry.occurred_on))
                version = entry.version
            self.states[stream] = (state, version)
        return self.states[stream]

    def carry_out(self, item: _Accepted) -> Answer:
        order, handles = item.order, item.handles
        state, version = self.state(item.stream, handles)
        reading = Reading(self.connection, order.station, self.today)
        if item.scope is Scope.COMMUNITY:
            self._own_community(item, reading)
        if order.expected_version not in (None, version):
            raise StaleVersion(f"it is at version {version}, not {order.expected_version}", version=version)
        if handles.facts:
            if not handles.apart or self.changed_by != {handles.name}:
                self._flush()
            events = list(handles.decide(item.command, state, handles.facts(reading, item.command, item.prepared)))
        elif handles.prepare:
            events = list(handles.decide(item.command, state, item.prepared))
        else:
            events = list(handles.decide(item.command, state))
        drafts = []
        for event in events:
            version += 1
            state = handles.aggregate.evolve(state, event)
            declared = event_type(event)
            drafts.append(
                log.Draft(
                    event_id=str(uuid7()),
                    stream=item.stream,
                    version=version,
                    type=declared.name,
                    schema=declared.version,
                    occurred_on=event.occurred_on.isoformat(),
                    actor=order.identity.person_id,
                    role=str(order.identity.role),
                    correlation_id=order.correlation_id or order.command_id,
                    causation_id=order.causation_id or order.command_id,
                    command_id=order.command_id,
                    payload=declared.dump(event),
                )
            )
        self.states[item.stream] = (state, version)
        for event, draft in zip(events, drafts, strict=True):
            self.drafts.append(draft)
            self.written.append(event)
            self.changed_by.add(handles.name)
            for fold in self.executor.folds:
                self.changes += fold(event, self._place(draft))
        return self._answer(item, version, drafts)

    def _own_community(self, item: _Accepted, reading: Reading) -> None:
        self._flush()
        community = item.handles.community and item.handles.community(reading, item.command, item.prepared)
        own = item.order.identity.community
        if community != own:
            raise Forbidden(f"{item.order.name} is for the chair's own community, {own}", asked=item.order.name)

    def _place(self, draft: log.Draft) -> Place:
        position = self.head.position + len(self.drafts)
        return Place(self.head.log, self.head.station, position, draft.event_id, draft.stream, draft.actor)

    def _answer(self, item: _Accepted, version: int, drafts: Sequence[log.Draft]) -> Answer:
        answer = {
            "log": self.head.log,
            "position": self.head.position + len(self.drafts),
            "stream": item.stream,
            "version": version,
            "event_ids": [draft.event_id for draft in drafts],
            "event_types": [draft.type for draft in drafts],
        }
        self.answers.append(
            (
                self.head.station,
                item.order.identity.person_id,
                item.order.command_id,
                item.hmac,
                canonical(answer),
            )
        )
        return answer

    def _flush(self) -> None:
        if self.changes:
            carry_out(self.connection, self.changes)
            self.changes.clear()
            self.changed_by.clear()

    def finish(self) -> None:
        self._seal()
        log.append(self.connection, self.head, self.drafts, self.executor.clock())
        self._flush()
        if self.answers:
            keep_answers(self.connection, self.answers)

    def _seal(self) -> None:
        wanted = set()
        for event in self.written:
            wanted |= {(event.person_id, purpose) for purpose in event_type(event).sealed.values()}
        if not wanted:
            return
        keys = self.executor.keystore.keys(wanted)
        for event, draft in zip(self.written, self.drafts, strict=True):
            for name, purpose in event_type(event).sealed.items():
                if name in draft.payload:
                    key = keys[event.person_id, purpose]
                    draft.payload[name] = seal(key, draft.event_id, name, draft.payload[name])
