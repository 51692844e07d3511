"""The record: facts, what may be done, its history, and how it stood on an earlier date."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request

from lastmile.kernel.domain.failures import Forbidden
from services.gateway.console.asking import ask, may
from services.gateway.console.history import Event, described, events_of, said_by, where_personal
from services.gateway.console.page import Page, link
from services.gateway.console.showing import NOTHING, shown

Told = Mapping[str, Any]
EVENTS_SHOWN_AT_ONCE = 20
"""Earlier ones are folded away."""


@dataclass(frozen=True)
class Fact:
    """A line of the record: as a list's Column, but `to` gets the record; `personal` facts are masked.

    A personal fact is `sealed` in the events under that name; it is shown after a ground was recorded. What the
    record's events do not tell is known of today alone, `only_today`.
    """

    name: str
    kind: str = "text"
    label: str = ""
    words: str = ""
    show: Callable[[Told], str] | None = None
    to: Callable[[Told], str] | None = None
    only_today: bool = False

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

    Its history is that of the streams of these `aggregates` under its key, the first its own, and of those that
    `beside(key, told)` names as `<aggregate>/<key>`; `chosen(key, events)` are the ones that concern it. How it stood
    on a date is what the events up to it say, and `as_of(events, date)` where that is no field of theirs.
    """

    name: str
    path: str
    service: str
    question: str
    key: str
    aggregates: Sequence[str]
    title: Callable[[Told], str]
    facts: Sequence[Fact]
    actions: Sequence[Action] = ()
    kind: str = ""
    beside: Callable[[str, Told], Iterable[str]] = lambda _key, _told: ()
    chosen: Callable[[str, Sequence[Event]], Sequence[Event]] = lambda _key, events: events
    as_of: Callable[[Sequence[Event], str], Told] = lambda _events, _day: {}
    back: str = ""
    about: Callable[[Told], Told] = lambda _record: {}
    template: str = "detail.html"


def record_page(record: Record) -> Page:
    return Page(record.name, record.path, lambda key: show(record, key), (record.service, record.question))


def show(record: Record, key: str, **more: Any) -> str:
    """The page of a record, with `more` for its template; with `as_of` in the address, as it stood on that date.

    Raises Forbidden where a date is asked for by whoever may not see the events.
    """
    today = ask(record.service, record.question, **{record.key: key})
    as_of = request.args.get("as_of") or None
    names = [*(f"{aggregate}/{key}" for aggregate in record.aggregates), *record.beside(key, today)]
    found = events_of(record.service, names, as_of)
    if as_of and found is None:
        raise Forbidden("how a record stood on a date is shown to whoever sees its history", asked="history")
    events = record.chosen(key, found or ())
    told = {record.key: key, **said_by(events), **record.as_of(events, as_of)} if as_of and events else today
    actions = [] if as_of else [each for each in record.actions if may(*each.asks) and each.when(told)]
    g.menu_page = record.back or None
    return render_template(
        record.template,
        record=record,
        title=record.title(today),
        told=told,
        of_today=today,
        key=key,
        as_of=as_of,
        not_yet=bool(as_of and not events),
        events=events,
        shown_at_once=EVENTS_SHOWN_AT_ONCE,
        may_look_back=may(record.service, "history"),
        personal=where_personal(events),
        actions=[(each, link(each.name, **{"key": key, **each.values(told)})) for each in actions],
        described=described,
        **{**record.about(told), **more},
    )
