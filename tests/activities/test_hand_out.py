"""Handing out tickets and goods: once per recipient and list, put right by a correction."""

from dataclasses import replace
from datetime import date

from lastmile.kernel.domain.failures import NotFound
from services.activities.api import HANDLERS
from services.activities.hand_out import (
    CorrectHandOut,
    HandedOut,
    HandedOutAlready,
    HandOutCorrected,
    HandOutInBulk,
    HandOutToPerson,
)
from tests.spec import Spec

DAY = date(2017, 2, 10)
ticket = HandedOut(list_id="films", item="film_ticket", to="person", recipient_id="li", quantity=2, occurred_on=DAY)
packs = HandedOut(
    list_id="summer",
    item="cooling_pack",
    to="union",
    recipient_id="u1",
    quantity=300,
    signature_id="s1",
    occurred_on=DAY,
)
fewer = HandOutCorrected(
    list_id="films",
    item="film_ticket",
    to="person",
    recipient_id="li",
    quantity_before=2,
    quantity=1,
    reason="miscounted",
    occurred_on=DAY,
)
give = HandOutToPerson(list_id="films", item="film_ticket", person_id="li", quantity=2, occurred_on=DAY)
deliver = HandOutInBulk(
    list_id="summer",
    item="cooling_pack",
    recipient_id="u1",
    to="union",
    quantity=300,
    signature_id="s1",
    occurred_on=DAY,
)
correct = CorrectHandOut(list_id="films", recipient_id="li", quantity=1, reason="miscounted")
spec = Spec(HANDLERS)


def test_a_person_gets_tickets_and_a_union_goods_in_bulk() -> None:
    spec.when(give).then(ticket)
    spec.when(deliver).then(packs)


def test_a_recipient_gets_once_from_a_list() -> None:
    spec.given(ticket).when(give).then_nothing()
    spec.given(ticket).when(replace(give, occurred_on=date(2017, 2, 11))).then_nothing()
    spec.given(ticket).when(replace(give, quantity=3)).then_refused(HandedOutAlready)
    spec.given(packs).when(replace(deliver, item="medicine")).then_refused(HandedOutAlready)


def test_a_correction_gives_old_and_new_number_on_the_day_of_the_hand_out() -> None:
    spec.given(ticket).when(correct).then(fewer)
    spec.given(ticket, fewer).when(correct).then_nothing()
    taken_back = replace(fewer, quantity_before=1, quantity=0)
    spec.given(ticket, fewer).when(replace(correct, quantity=0)).then(taken_back)


def test_only_what_was_handed_out_is_corrected() -> None:
    spec.when(correct).then_refused(NotFound)
