"""Whatever personal data is typed to find somebody is sent in a form, whose address says nothing of it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from lastmile.catalogue import catalogue
from services.gateway.console import page, pages
from services.gateway.console.listing import Listing
from services.gateway.console.pages.households import FIND
from services.gateway.console.pages.members import MEMBERS

TEMPLATES = Path(page.__file__).parents[1] / "templates"
SERVICES = catalogue().services
FORM = re.compile(r'<form[^>]*method="get".*?</form>', re.DOTALL)


def listings() -> Iterator[Listing]:
    for module in iter_modules(pages.__path__, f"{pages.__name__}."):
        yield from (each for each in vars(import_module(module.name)).values() if isinstance(each, Listing))


def in_the_address(listing: Listing) -> set[str]:
    """The personal parameters of the question that the list would show in its address."""
    personal = SERVICES[listing.service].questions[listing.question].personal
    return {each.name for each in listing.filters if each.name in personal} - listing.searches


def searched_by_address(template: str) -> list[str]:
    return [form for form in FORM.findall(template) if 'type="search"' in form]


def test_no_list_shows_in_its_address_what_the_service_says_is_personal() -> None:
    found = list(listings())
    assert {MEMBERS.name, FIND.name} <= {each.name for each in found}
    assert {each.name: shown for each in found if (shown := in_the_address(each))} == {}


def test_a_list_that_shows_it_is_found() -> None:
    as_text = [replace(each, kind="text") for each in MEMBERS.filters]
    assert in_the_address(replace(MEMBERS, filters=as_text)) == {"text"}


def test_no_form_that_searches_for_somebody_sends_it_in_its_address() -> None:
    found = {path.name: searched_by_address(path.read_text("utf-8")) for path in TEMPLATES.rglob("*.html")}
    assert len(found) > 20
    assert {name: forms for name, forms in found.items() if forms} == {}


def test_a_form_that_does_is_found() -> None:
    template = (TEMPLATES / "consolation_list.html").read_text("utf-8")
    assert searched_by_address(template.replace('class="filters" method="post"', 'class="filters" method="get"'))
