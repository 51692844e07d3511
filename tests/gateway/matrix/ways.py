"""How each question and command is asked about a place: by a record's address, or by a list that may tell of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from services.gateway.catalogue import Catalogue
from tests.gateway.matrix.places import DAY, MONTH, Place

Parameters = Mapping[str, Any]
Name = tuple[str, str]
"""A service and what it is asked."""


@dataclass(frozen=True)
class Way:
    """Parameters that ask about a place; `tells` says whether the answer names it to whoever reaches it."""

    parameters: Parameters
    by_address: bool = False
    tells: bool = True


def _named(field: str, of: Callable[[Place], Any]) -> Callable[[Place], Iterable[Way]]:
    """By the id of one record."""
    return lambda place: [Way({field: of(place)}, by_address=True)]


def _history(**keys: Callable[[Place], str]) -> Callable[[Place], Iterable[Way]]:
    def asked(place: Place) -> Iterable[Way]:
        names = [f"{aggregate}/{of(place)}" for aggregate, of in keys.items()]
        for aggregate, of in keys.items():
            for more in ({}, {"as_of": "2017-12-31"}, {"beside": names}):
                yield Way({"aggregate": aggregate, "key": of(place), **more}, by_address=True)

    return asked


def _whole(_place: Place) -> Iterable[Way]:
    return [Way({})]


def _members(place: Place) -> Iterable[Way]:
    texts = (place.name(0), place.number(0), place.number(0)[-4:], place.card, place.card[-4:])
    asked = [*({"text": text} for text in texts), {"union_id": place.mark}, {"community": place.community}]
    yield from map(Way, [{}, {"sort": "-since"}, {"card": "live"}, *asked])
    yield from (Way({"after": cursor}, tells=False) for cursor in place.cursors.values())


def _unions(place: Place) -> Iterable[Way]:
    yield from map(Way, [{}, {"text": place.mark}, {"community": place.community}, {"kind": "joint", "sort": "name"}])
    yield from (Way({"after": cursor}, tells=False) for cursor in place.cursors.values())


def _mark(place: Place) -> str:
    return place.mark


def _member(place: Place) -> str:
    return place.member


def _of_household(place: Place) -> Iterable[Way]:
    return [Way({}), Way({"person_id": place.member})]


QUESTIONS: Mapping[Name, Callable[[Place], Iterable[Way]]] = {
    ("access", "person"): _named("person_id", _mark),
    ("access", "persons_list"): _whole,
    ("access", "stand_ins"): _whole,
    ("access", "systems_list"): _whole,
    ("access", "history"): _history(person=_mark, role=_mark, stand_in=_mark),
    ("membership", "members"): _members,
    ("membership", "member"): _named("person_id", _member),
    ("membership", "member_names"): _named("person_ids", lambda place: [place.member]),
    ("membership", "unions"): _unions,
    ("membership", "union"): _named("union_id", _mark),
    ("membership", "communities"): _whole,
    ("membership", "cards"): _whole,
    ("membership", "card_applications"): _whole,
    ("membership", "roster_imports"): _whole,
    ("membership", "roster_import"): _named("import_id", _mark),
    ("membership", "history"): _history(member=_member, union=_mark, card=_member),
    ("activities", "activities_of_month"): lambda _place: [Way({"month": MONTH})],
    ("activities", "activity"): _named("activity_id", _mark),
    ("relief", "applications_open"): _whole,
    ("relief", "applications"): _of_household,
    ("relief", "application"): _named("application_id", _mark),
    ("relief", "approvals_waiting"): _whole,
    ("relief", "cases"): _of_household,
    ("relief", "consolation_lists"): _whole,
    ("relief", "consolation_list"): _named("list_id", _mark),
    ("relief", "funds_left"): _whole,
    ("relief", "notice"): _named("application_id", lambda place: place.waiting),
    ("relief", "household"): _named("person_id", _member),
    ("relief", "pay_lists"): _whole,
    ("relief", "pay_list"): _named("pay_list_id", _mark),
    ("relief", "policies"): _whole,
    ("relief", "history"): _history(case=_member, application=_mark),
}
OF_NO_RECORD: Mapping[Name, str] = {
    ("access", "names"): "of whoever works with the product: people of one station act at another",
    ("access", "sessions"): "one's own",
    ("access", "sign_ins_list"): "one's own; the administrator's has nobody of these places",
    ("access", "recoveries_waiting"): "nobody of these places was recovered",
    ("access", "revealed"): "read by whoever recorded a ground just now",
    ("membership", "revealed"): "read by whoever recorded a ground just now",
    ("relief", "revealed"): "read by whoever recorded a ground just now",
    ("relief", "bank_file"): "read by whoever recorded just now that they take it",
    ("relief", "cases_exited"): "no household of these places exited",
    ("membership", "card_application_file"): "read by whoever sent the list just now",
    ("membership", "card_numbers_check"): "about the file sent",
    ("membership", "card_numbers_marked"): "about the file sent",
    ("membership", "card_numbers_commands"): "about the file sent",
    ("membership", "roster_template"): "the same for all",
    ("membership", "roster_check"): "about the file sent",
    ("membership", "roster_marked"): "about the file sent",
    ("membership", "roster_commands"): "about the file sent",
    ("reporting", "report"): "figures",
    ("reporting", "explain"): "figures",
    ("reporting", "stops"): "logs",
}
"""What tells of no record of a place, and why: who may ask it is tried with the other routes."""


def joining(place: Place) -> Parameters:
    """A worker of the place who joins, the same at each asking."""
    return {"union_id": place.mark, "name": "新人", "identity_number": place.number(9), "occurred_on": DAY}


COMMANDS: Mapping[Name, Callable[[Place], Parameters]] = {("membership", "JoinMember"): joining}
"""The commands that a community's chair may give, about a place."""


def not_named(catalogue: Catalogue, named: Iterable[Name]) -> set[Name]:
    """The questions for people that nothing here says how to ask."""
    return {(found.service, found.name) for found in catalogue.questions()} - set(named)
