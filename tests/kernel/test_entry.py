"""An entry comes back from its bytes, and other bytes are no entry."""

from dataclasses import replace
from typing import Any

import pytest

from lastmile.kernel.domain.entry import Entry, NotAnEntry

ENTRY = Entry(
    event_id="e",
    log="110102017/sample",
    origin="o",
    position=1,
    previous="00" * 32,
    stream="110102017/box/b",
    version=1,
    type="BoxOpened",
    schema=1,
    occurred_on="2017-02-28",
    recorded_at="2017-03-01T04:00:00.000000Z",
    actor="li",
    role="clerk",
    correlation_id="c",
    causation_id="c",
    command_id="c",
    payload={"text": "值"},
)


def test_an_entry_comes_back_from_its_bytes() -> None:
    assert Entry.from_bytes(ENTRY.to_bytes()) == ENTRY


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"position": 0}, "position is not a positive integer"),
        ({"position": True}, "position is not a positive integer"),
        ({"version": "1"}, "version is not a positive integer"),
        ({"actor": None}, "actor is not text"),
        ({"payload": []}, "payload is not an object"),
        ({"occurred_on": "2017-02-30"}, "occurred_on is not a date"),
        ({"recorded_at": "2017-03-01T04:00:00Z"}, "recorded_at is not a UTC instant"),
        ({"recorded_at": "2017-03-01T04:00:00.000000Z\n"}, "recorded_at is not a UTC instant"),
    ],
)
def test_bytes_with_a_wrong_member_are_no_entry(change: dict[str, Any], what: str) -> None:
    with pytest.raises(NotAnEntry, match=what):
        Entry.from_bytes(replace(ENTRY, **change).to_bytes())


@pytest.mark.parametrize("data", [b"", b"null", b"[]", b"{}", b"\xff", ENTRY.to_bytes()[:-1], ENTRY.to_bytes() + b"}"])
def test_other_bytes_are_no_entry(data: bytes) -> None:
    with pytest.raises(NotAnEntry):
        Entry.from_bytes(data)


def test_an_entry_with_one_member_more_is_no_entry() -> None:
    with pytest.raises(NotAnEntry, match="surprise"):
        Entry.from_bytes(b'{"surprise":1,' + ENTRY.to_bytes()[1:])
