"""Commands that come at the same time are carried out in one transaction: one commit serves them all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import eventlet
from eventlet.event import Event

from lastmile.kernel.domain.failures import Failure
from lastmile.kernel.store.execution import Answer, Order

COMMANDS_TOGETHER = 64

QUIET_TURNS = 4
"""A request needs a few turns from its socket to its command: reading, a worker, parsing."""


@dataclass
class _Waiting:
    order: Order
    outcome: Event = field(default_factory=Event)


class Together:
    """Gathers orders of green threads; a thread of its own carries out what has gathered, until nothing waits."""

    def __init__(self, execute_all: Callable[[Sequence[Order]], list[Answer | Failure]]) -> None:
        self._execute_all = execute_all
        self._waiting: dict[str, list[_Waiting]] = {}
        self._leading: set[str] = set()

    def execute(self, order: Order) -> Answer:
        """As Executor.execute: the answer, or the Failure raised."""
        mine = _Waiting(order)
        self._waiting.setdefault(order.station, []).append(mine)
        if order.station not in self._leading:
            self._leading.add(order.station)
            eventlet.spawn_n(self._lead, order.station)
        outcome: Any = mine.outcome.wait()
        if isinstance(outcome, Failure):
            raise outcome
        answer: Answer = outcome
        return answer

    def _lead(self, station: str) -> None:
        try:
            while self._waiting.get(station):
                self._let_in(station)
                self._carry_out(station)
        finally:
            self._leading.discard(station)

    def _let_in(self, station: str) -> None:
        """Let those who are at the door already come in: until for some turns nobody came."""
        waiting, quiet = 0, 0
        while quiet < QUIET_TURNS and waiting < COMMANDS_TOGETHER:
            eventlet.sleep(0)
            came = len(self._waiting[station]) - waiting
            waiting, quiet = waiting + came, 0 if came else quiet + 1

    def _carry_out(self, station: str) -> None:
        waiting = self._waiting.pop(station, [])
        batch, rest = waiting[:COMMANDS_TOGETHER], waiting[COMMANDS_TOGETHER:]
        if rest:
            self._waiting[station] = rest
        try:
            outcomes = list(self._execute_all([item.order for item in batch]))
        except Exception as error:
            self._alone(batch, error)
            return
        for item, outcome in zip(batch, outcomes, strict=True):
            item.outcome.send(outcome)

    def _alone(self, batch: Sequence[_Waiting], error: Exception) -> None:
        """What one caller brought about is not the others' trouble: each is tried alone."""
        for item in batch:
            try:
                outcome = error if len(batch) == 1 else self._execute_all([item.order])[0]
            except Exception as own_error:
                outcome = own_error
            if isinstance(outcome, Exception) and not isinstance(outcome, Failure):
                item.outcome.send_exception(outcome)
            else:
                item.outcome.send(outcome)
