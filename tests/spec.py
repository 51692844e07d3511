"""Says of a decider: given these events, when this command comes, then these events follow, or that rule refuses."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from lastmile.kernel.domain.aggregate import Handlers
from lastmile.kernel.domain.events import event_type
from lastmile.kernel.domain.failures import Failure


@dataclass(frozen=True)
class Spec:
    """A service's deciders under test: `Spec(HANDLERS).given(event, …).knowing(facts).when(command).then(event, …)`."""

    handlers: Handlers
    before: tuple[Any, ...] = ()
    facts: Any = None

    def given(self, *events: Any) -> "Spec":
        """These events stand in the stream."""
        return replace(self, before=(*self.before, *events))

    def knowing(self, facts: Any) -> "Spec":
        """The decision is given these facts (or, for a handler without facts, this prepared value)."""
        return replace(self, facts=facts)

    def when(self, command: Any) -> "Asked":
        """This command comes."""
        return Asked(self, command)


@dataclass(frozen=True)
class Asked:
    """A command that is about to be decided."""

    spec: Spec
    command: Any

    def then(self, *events: Any) -> None:
        """Just these events follow, each fit to be written; without any, there is nothing to do."""
        decided = self._decide()
        for event in decided:
            event_type(event).dump(event)
        assert decided == list(events)

    def then_nothing(self) -> None:
        """There is nothing to do."""
        self.then()

    def then_refused(self, rule: type[Failure]) -> None:
        """That rule refuses it."""
        with pytest.raises(rule) as refusal:
            self._decide()
        assert type(refusal.value) is rule

    def _decide(self) -> list[Any]:
        handles = self.spec.handlers.by_name[type(self.command).__name__]
        state = handles.aggregate.initial
        for event in self.spec.before:
            assert type(event) in handles.aggregate.events, f"{event} is no event of {handles.aggregate.name}"
            state = handles.aggregate.evolve(state, event)
        if handles.facts or handles.prepare:
            return list(handles.decide(self.command, state, self.spec.facts))
        return list(handles.decide(self.command, state))
