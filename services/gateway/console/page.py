"""What a page is: where it stands, what shows it, who is offered it, and its place in the menu."""

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from flask import g, request, url_for

from services.gateway.console.asking import may

GROUPS = ("work", "people", "relief", "activities", "figures", "administration")
"""The headings of the menu, in their order."""


@dataclass(frozen=True)
class Menu:
    """A place in the menu: under which heading, in which order, with which words (`menu.<word>`) and which icon."""

    group: str
    order: int
    word: str
    icon: str = "dot"


@dataclass(frozen=True)
class Page:
    """A page: `path` stands under `/stations/<station>` unless `of_station` is false.

    `asks` is the (service, command or question) that it is about: who has no row for that in its permissions is not
    offered the page. `public` pages are open to people who have not signed in.
    """

    name: str
    path: str
    view: Callable[..., Any]
    asks: tuple[str, str] | None = None
    menu: Menu | None = None
    methods: tuple[str, ...] = ("GET",)
    of_station: bool = True
    public: bool = False

    @property
    def endpoint(self) -> str:
        return f"console.{self.name}"

    @property
    def rule(self) -> str:
        return f"/stations/<station>{self.path}" if self.of_station else self.path


def all_pages() -> Iterator[Page]:
    """The pages that each file of `console/pages/` declares in its PAGES."""
    package = import_module("services.gateway.console.pages")
    for found in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
        yield from import_module(f"{package.__name__}.{found.name}").PAGES


def link(name: str, **values: Any) -> str:
    """The address of a page by its name; of the station at hand unless another is given."""
    return url_for(f"console.{name}", **{key: value for key, value in values.items() if value not in (None, "")})


def offered(page: Page) -> bool:
    return page.asks is None or may(*page.asks)


def menu(pages: Sequence[Page]) -> list[tuple[str, list[Page]]]:
    """The headings with the pages under them that are offered to the role at hand."""
    found = [page for page in pages if page.menu and offered(page)]
    found.sort(key=lambda page: page.menu.order if page.menu else 0)
    by_group = [(group, [page for page in found if page.menu and page.menu.group == group]) for group in GROUPS]
    return [(group, inside) for group, inside in by_group if inside]


def here(page: Page) -> bool:
    return request.endpoint == page.endpoint or g.get("menu_page") == page.name
