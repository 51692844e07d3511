"""The record: facts, what may be done, its history, and how it stood on an earlier date."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, code_of, may
from services.gateway.console.page import Page, link
from services.gateway.console.showing import NOTHING, shown
from services.gateway.console.texts import t_or

Told = Mapping[str, Any]


@dataclass(frozen=True)
class Fact:
    """A line of the record: as a list's Column, but `to` gets the record; `personal` facts are masked.

    A personal fact is `sealed` in the events under that name; it is shown after a ground was recorded.
    """

    name: str
    kind: str = "text"
    label: str = ""
    words: str = ""
    show: Callable[[Told], str] | None = None
    to: Callable[[Told], str] | None = None

    @property
    def heading(self) -> str:
        return self.label or f"field.{self.name}"

    def text(self, record: Told) -> str:
        return (self.show(record) or NOTHING) if self.show else shown(record.get(self.name), self.kind, self.words)


@dataclass(frozen=True)
class Action:
    """What may be done from here: the page `name`, for those who may ask `asks`, where `when` the record allows."""

    label: str
    name: str
    asks: tuple[str, str]
    when: Callable[[Told], bool] = lambda _record: True
    icon: str = "arrow-right"
    values: Callable[[Told], Told] = lambda _record: {}


@dataclass(frozen=True)
class Record:
    """A record's page as data: `path` holds `<key>`, which is the question's parameter `key`.

    `aggregate` is the kind of stream that `history` is asked for, `stream_key` its key where that is another.
    """

    name: str
    path: str
    service: str
    question: str
    key: str
    aggregate: str
    title: Callable[[Told], str]
    facts: Sequence[Fact]
    actions: Sequence[Action] = ()
    kind: str = ""
    stream_key: Callable[[Told], str] | None = None
    back: str = ""
    about: Callable[[Told], Told] = lambda _record: {}
    template: str = "detail.html"


def record_page(record: Record) -> Page:
    return Page(record.name, record.path, lambda key: show(record, key), (record.service, record.question))


def show(record: Record, key: str) -> str:
    """The page of a record; with `as_of` in the address, what its events had said by that date."""
    as_of = request.args.get("as_of") or None
    told = ask(record.service, record.question, **{record.key: key})
    stream_key = record.stream_key(told) if record.stream_key else key
    history = history_of(record.service, record.aggregate, stream_key, as_of)
    if as_of and history is not None:
        told = {**{fact.name: None for fact in record.facts}, record.key: key, **said_by(history)}
    actions = [] if as_of else [each for each in record.actions if may(*each.asks) and each.when(told)]
    g.menu_page = record.back or None
    return render_template(
        record.template,
        record=record,
        told=told,
        key=key,
        as_of=as_of,
        history=history,
        personal=where_personal(history or {"events": []}),
        actions=[(each, link(each.name, **{"key": key, **each.values(told)})) for each in actions],
        described=described,
        tab=request.args.get("tab", "facts"),
        **record.about(told),
    )


def history_of(service: str, aggregate: str, key: str, as_of: str | None = None) -> dict[str, Any] | None:
    """The events of a record, the newest last; None for whoever may not see them."""
    if not may(service, "history"):
        return None
    try:
        found: dict[str, Any] = ask(service, "history", aggregate=aggregate, key=key, as_of=as_of)
    except Failure as failure:
        if code_of(failure) in ("forbidden", "not-found"):
            return None
        raise
    return found


def said_by(history: Mapping[str, Any]) -> dict[str, Any]:
    """What the events say, a later word over an earlier one; `last_event` and `last_on` are of the last of them."""
    said: dict[str, Any] = {}
    for event in history["events"]:
        said |= {**event["payload"], "last_event": event["type"], "last_on": event["occurred_on"]}
    return said


def where_personal(history: Mapping[str, Any]) -> dict[str, int]:
    """Each sealed field with the position of the event that said it last."""
    return {name: event["position"] for event in history["events"] for name in event["sealed"]}


def described(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What an event says, as label and value; the ids of the record itself say nothing new."""
    for name, value in event["payload"].items():
        if isinstance(value, list | dict):
            continue
        kind = "money" if name.endswith("_fen") else "yes-no" if isinstance(value, bool) else "text"
        words = name if t_or(f"{name}.{value}", "") else ""
        yield t_or(f"field.{name}", name), shown(value, kind, words)
