"""The list: filters, sortable headings, pages in the address, a count, a selection and an export, for any question."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, render_template, request
from marshmallow import Schema, fields
from werkzeug.wrappers import Response

from lastmile.kernel.domain.failures import Failure
from services.gateway.console.asking import ask, code_of, may
from services.gateway.console.page import Menu, Page, link
from services.gateway.console.searching import opened, sealed
from services.gateway.console.showing import NOTHING, shown
from services.gateway.console.texts import t
from services.gateway.console.wrong import wrong_words
from services.gateway.parts import gateway

Row = Mapping[str, Any]
Choice = tuple[str, str]
"""A value and the words for it."""

SIZE = 50
MOST_AT_ONCE = 1_000


@dataclass(frozen=True)
class Column:
    """A column: `name` is the row's; its heading is the text `field.<name>` unless `label` names another.

    `kind` is text, money, number, instant, date, yes-no, person (an id of access, shown as a name) or personal
    (masked). `words` names the texts of a code word. `show` makes the words itself; `to` leads somewhere.
    """

    name: str
    kind: str = "text"
    label: str = ""
    words: str = ""
    show: Callable[[Row], str] | None = None
    to: Callable[[Row], str] | None = None

    @property
    def heading(self) -> str:
        return self.label or f"field.{self.name}"

    def text(self, row: Row) -> str:
        return (self.show(row) or NOTHING) if self.show else shown(row.get(self.name), self.kind, self.words)


@dataclass(frozen=True)
class Filter:
    """A way to narrow the list: `kind` is search (personal data may be typed), text, choice, date or yes-no."""

    name: str
    kind: str = "choice"
    label: str = ""
    choices: Callable[[], Sequence[Choice]] | None = None
    words: str = ""
    values: Sequence[str] = ()
    asked: Callable[[str], Any] | None = None
    """What the question is asked for what was typed, where that is another."""

    @property
    def heading(self) -> str:
        return self.label or f"field.{self.name}"


@dataclass(frozen=True)
class Step:
    """A way on from here: the page `name`, offered with the text `label` to those who may ask `asks`."""

    label: str
    name: str
    asks: tuple[str, str] | None = None
    values: Mapping[str, Any] | None = None
    icon: str = "arrow-right"

    @property
    def address(self) -> str:
        return link(self.name, **(self.values or {}))

    @property
    def is_offered(self) -> bool:
        return self.asks is None or may(*self.asks)


@dataclass(frozen=True)
class Listing:
    """A list page as data. `title` and `nothing` are texts; `bulk` are pages to which the selected rows are sent."""

    name: str
    path: str
    service: str
    question: str
    key: str
    title: str
    columns: Sequence[Column]
    filters: Sequence[Filter] = ()
    steps: Sequence[Step] = ()
    bulk: Sequence[Step] = ()
    nothing: str = "list.nothing"
    first_step: Step | None = None
    hint: str = ""
    menu: Menu | None = None
    fixed: Callable[[], Mapping[str, Any]] | None = None
    looked_up: Callable[[Sequence[Row]], None] = lambda _rows: None
    """Looks up, once for many rows, what the columns need beside them."""
    template: str = "list.html"

    @property
    def schema(self) -> Schema:
        found: Schema = gateway().catalogue.services[self.service].questions[self.question].schema
        return found

    @property
    def searches(self) -> frozenset[str]:
        """The filters into which personal data may be typed."""
        return frozenset(filter_.name for filter_ in self.filters if filter_.kind == "search")

    def sorts(self) -> frozenset[str]:
        """The columns that the question can be sorted by: its schema says so."""
        field = self.schema.fields.get("sort")
        allowed = getattr(field.validate, "choices", ()) if field else ()
        return frozenset(name.lstrip("-") for name in allowed)


def list_pages(listing: Listing) -> tuple[Page, ...]:
    """The page of a list, the one that hands it out as a file, and the one that takes what is searched."""
    from services.gateway.console.exporting import export

    asks = (listing.service, listing.question)
    page = Page(listing.name, listing.path, lambda **_: show(listing), asks, listing.menu)
    file = Page(
        f"{listing.name}_export", f"{listing.path}/export", lambda **_: export(listing), asks, methods=("POST",)
    )
    if not listing.searches:
        return page, file
    path = f"{listing.path}/searched"
    return page, file, Page(f"{listing.name}_searched", path, lambda **_: search(listing), asks, methods=("POST",))


@dataclass(frozen=True)
class Shown:
    """What was asked of a list and what came back."""

    listing: Listing
    typed: Mapping[str, str]
    rows: Sequence[Row]
    count: int
    page: int
    sort: str
    errors: Mapping[str, Any]

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // SIZE))

    def address(self, **changed: Any) -> str:
        """The address of this list with something else asked."""
        typed = sealed(self.typed, self.listing.searches)
        return link(self.listing.name, **{**typed, "sort": self.sort, "page": self.page, **changed})

    def sorted_by(self, column: str) -> str:
        """The address sorted by a column; downwards if it is sorted upwards already."""
        return self.address(sort=f"-{column}" if self.sort == column else column, page=None)

    def direction(self, column: str) -> str:
        return {column: "ascending", f"-{column}": "descending"}.get(self.sort, "none")


def show(listing: Listing, **more: Any) -> str:
    """The page of a list. What is asked wrongly is said beside the filters, and nothing is listed."""
    found, picked = asked_for(listing), request.args.get("select", "")
    g.menu_page = listing.name
    choices = {filter_.name: choices_of(filter_) for filter_ in listing.filters}
    return render_template(listing.template, shown=found, listing=listing, choices=choices, picked=picked, **more)


def search(listing: Listing) -> Response:
    """On to the list of what was typed: sent in a form, so that no address says it."""
    typed = sealed(typed_of(listing, request.form), listing.searches)
    return redirect(link(listing.name, **typed, sort=request.form.get("sort")), 303)


def asked_for(listing: Listing) -> Shown:
    given = typed_of(listing, request.args)
    typed = opened(given, listing.searches)
    page, sort = max(1, request.args.get("page", 1, type=int)), request.args.get("sort", "")
    parameters = {**parameters_of(listing, typed), "page": page, "size": SIZE, "sort": sort or None}
    try:
        answer = ask(listing.service, listing.question, **parameters)
    except Failure as failure:
        if code_of(failure) != "invalid":
            raise
        wrong = {name: wrong_words(said) for name, said in failure.as_problem()["fields"].items()}
        return Shown(listing, typed, (), 0, 1, "", wrong)
    if unread := given.keys() - typed.keys():
        return Shown(listing, typed, (), 0, 1, "", dict.fromkeys(unread, t("list.typed_here")))
    listing.looked_up(answer["rows"])
    return Shown(listing, typed, answer["rows"], answer["count"], page, sort, {})


def typed_of(listing: Listing, given: Mapping[str, str]) -> dict[str, str]:
    return {each.name: typed for each in listing.filters if (typed := given.get(each.name, "").strip())}


def parameters_of(listing: Listing, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the question wants it: its schema says which are numbers and which true or false."""
    found: dict[str, Any] = dict(listing.fixed()) if listing.fixed else {}
    known = listing.schema.fields
    asked = {filter_.name: filter_.asked for filter_ in listing.filters if filter_.asked}
    for name, value in typed.items():
        if name in asked:
            found[name] = asked[name](value)
        elif isinstance(known.get(name), fields.Boolean):
            found[name] = value == "true"
        elif isinstance(known.get(name), fields.Integer) and value.lstrip("-").isdigit():
            found[name] = int(value)
        else:
            found[name] = value
    return found


def choices_of(filter_: Filter) -> Sequence[Choice]:
    if filter_.kind == "yes-no":
        return [("true", t("show.yes")), ("false", t("show.no"))]
    if filter_.choices:
        return filter_.choices()
    return [(value, t(f"{filter_.words}.{value}")) for value in filter_.values]


def every_row(listing: Listing, typed: Mapping[str, str], sort: str = "") -> Iterator[Row]:
    """All rows that the filters let through, page by page behind a cursor."""
    parameters = {**parameters_of(listing, typed), "size": MOST_AT_ONCE, "sort": sort or None}
    after = None
    while True:
        answer = ask(listing.service, listing.question, **parameters, after=after)
        listing.looked_up(answer["rows"])
        yield from answer["rows"]
        after = answer["next"]
        if after is None:
            return


def selected(listing: Listing) -> list[str]:
    """The keys that were sent from the list: those ticked, or of all rows that the filters let through."""
    if request.form.get("all"):
        return [str(row[listing.key]) for row in every_row(listing, typed_of(listing, request.form))]
    return list(dict.fromkeys(request.form.getlist("selected")))
