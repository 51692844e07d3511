"""A report that many ask for is computed once, and anew as soon as an entry comes in."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from services.reporting.lately import MOST_REPORTS, LatelyAsked


class Computing:
    """Counts how often a report is computed, from logs that may move on meanwhile."""

    def __init__(self) -> None:
        self.kept, self.times, self.position = LatelyAsked(), 0, 1

    def logs(self) -> list[dict[str, object]]:
        return [{"log": "110102017/relief", "position": self.position, "root": "aa"}]

    def ask(self, *what: Any, meanwhile: int = 0) -> dict[str, Any]:
        logs = self.logs()

        def make() -> dict[str, Any]:
            self.times += 1
            self.position += meanwhile
            return {"logs": self.logs(), "what": what, "number": self.times}

        return self.kept.report((*what, self.position), logs, make)


@pytest.fixture
def computing() -> Computing:
    return Computing()


def test_asked_again_it_is_the_same(computing: Computing) -> None:
    assert computing.ask("2017") == computing.ask("2017")
    assert computing.times == 1


def test_another_question_is_computed(computing: Computing) -> None:
    assert computing.ask("2017") != computing.ask("2016")


def test_an_entry_more_makes_it_anew(computing: Computing) -> None:
    computing.ask("2017")
    computing.position += 1
    assert computing.ask("2017")["number"] == 2


def test_what_was_computed_while_an_entry_came_in_is_not_kept(computing: Computing) -> None:
    computing.ask("2017", meanwhile=1)
    computing.position -= 1
    assert computing.ask("2017")["number"] == 2


def test_only_so_many_are_kept(computing: Computing) -> None:
    for year in range(MOST_REPORTS + 1):
        computing.ask(year)
    assert computing.ask(MOST_REPORTS)["number"] == MOST_REPORTS + 1
    assert computing.ask(0)["number"] == MOST_REPORTS + 2


def test_whoever_asks_for_it_meanwhile_waits_for_the_same(computing: Computing) -> None:
    started, let_go = Event(), Event()

    def slowly() -> dict[str, Any]:
        started.set()
        assert let_go.wait(timeout=30)
        computing.times += 1
        return {"logs": computing.logs()}

    with ThreadPoolExecutor(4) as people:
        first = people.submit(computing.kept.report, ("2017",), computing.logs(), slowly)
        assert started.wait(timeout=30)
        others = [people.submit(computing.kept.report, ("2017",), computing.logs(), slowly) for _ in range(3)]
        let_go.set()
        assert all(other.result() is first.result() for other in others)
    assert computing.times == 1
