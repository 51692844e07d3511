"""The demo: it deletes only homes of its own, holds each outcome against the plan, and names what disagrees."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from examples.guangnei_2017 import __main__ as demo
from examples.guangnei_2017.acts import Act
from examples.guangnei_2017.driver import Driver, groups
from examples.guangnei_2017.grounds import Ground, NotADemo, fresh_home
from examples.guangnei_2017.plan import Plan, read_plan
from examples.guangnei_2017.published import compare, published_lines
from examples.guangnei_2017.showing import amount, console, report_table


def test_a_home_that_is_not_a_demo_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "membership.db"
    kept.write_text("somebody's year")
    with pytest.raises(NotADemo, match=str(tmp_path)):
        fresh_home(tmp_path)
    assert kept.read_text() == "somebody's year"


def test_a_file_in_the_home_s_place_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.write_text("a file")
    with pytest.raises(NotADemo):
        fresh_home(home)


def test_a_demo_home_is_made_afresh(tmp_path: Path) -> None:
    home = fresh_home(tmp_path / "demo")
    (home.path / "membership.db").write_text("an earlier demo")
    assert fresh_home(home.path).is_demo
    assert not (home.path / "membership.db").exists()


def test_another_home_makes_the_demo_exit_2_and_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "kept").write_text("")
    monkeypatch.setattr("sys.argv", ["demo", "--home", str(tmp_path)])
    assert demo.main() == 2
    assert str(tmp_path) in capsys.readouterr().err


class Answering:
    """Services that write whatever they are told, but what `failing` names."""

    def __init__(self, failing: str = "") -> None:
        self.failing, self.told = failing, 0

    def tell(
        self, _service: str, station: str, _name: str, rows: Sequence[tuple[str, Mapping[str, Any]]], _token: str
    ) -> list[dict[str, Any]]:
        self.told += len(rows)
        return [self._outcome(station, command_id) for command_id, _ in rows]

    def ask(self, *_asked: object) -> dict[str, str]:
        return {"token": "signed"}

    def _outcome(self, station: str, command_id: str) -> dict[str, Any]:
        if command_id == self.failing:
            problem = {"code": "budget-exceeded", "detail": "nothing left"}
            return {"command_id": command_id, "status": "failed", "problem": problem}
        answer = {"stream": f"{station}/any/{command_id}", "event_ids": [command_id]}
        return {"command_id": command_id, "status": "done", "answer": answer}


def driven(plan: Plan, calls: Answering) -> Driver:
    moments: list[datetime] = []
    ground = SimpleNamespace(
        calls=calls,
        home=SimpleNamespace(set_clock=moments.append),
        open_station=lambda _station: True,
        operator_token=lambda _station: "operator",
        settle=lambda: 0,
    )
    driver = Driver(plan, cast(Ground, ground))
    driver.carry()
    assert moments == sorted(moments)
    return driver


def first(plan: Plan, name: str) -> Act:
    return next(act for act in plan.acts if act.name == name)


def test_an_act_that_fails_against_the_plan_is_named() -> None:
    plan = read_plan()
    failing = first(plan, "Apply")
    short = replace(plan, acts=tuple(act for act in plan.acts if act.when <= failing.when and act.expect == "done"))
    driver = driven(short, Answering(failing.command_id))
    (unexpected,) = driver.unexpected
    assert str(unexpected).startswith(f"{failing.command_id} Apply on 2017-01-04: expected done, was budget-exceeded")


def test_an_act_that_should_have_been_refused_and_was_not_is_named() -> None:
    plan = read_plan()
    lenient = next(act for act in plan.acts if act.expect == "one-live-card")
    short = replace(plan, acts=tuple(act for act in plan.acts if act.when <= lenient.when))
    driver = driven(short, Answering())
    assert lenient in [unexpected.act for unexpected in driver.unexpected]


def test_acts_of_one_moment_and_command_go_as_one_call() -> None:
    sizes = [len(group) for group in groups(read_plan().acts)]
    assert max(sizes) > 5_000
    assert sum(sizes) == len(read_plan().acts)


def test_each_comparison_holds_as_published() -> None:
    lines = {line.compare: line for line in published_lines()}
    for how, below, same, above in (("eq", False, True, False), ("gte", False, True, True), ("gt", False, False, True)):
        line = lines[how]
        agreeing = [compare({line.key: line.value + step}, [line])[0].agrees for step in (-1, 0, 1)]
        assert agreeing == [below, same, above], how
        assert not compare({}, [line])[0].agrees


def test_the_table_fits_100_columns_and_marks_what_disagrees(capsys: pytest.CaptureFixture[str]) -> None:
    lines = published_lines()
    values: dict[str, Any] = {line.key: line.value + (line.compare == "gt") for line in lines}
    values["relief.warmth_fen"] += 1
    console().print(report_table(compare(values, lines), "2017"))
    shown = capsys.readouterr().out
    assert "¥160,465.01" in shown
    assert "¥160,465.00" in shown
    assert shown.count("✗") == 1
    assert "元旦春节慰问劳模和一线职工" in shown
    assert "…" not in shown


def test_money_is_shown_in_yuan_and_years_without_commas() -> None:
    assert amount(Decimal(16046501), "fen") == "¥160,465.01"
    assert amount(Decimal(2017), "year") == "2017"
    assert amount(Decimal("98.99"), "percent") == "98.99%"
    assert amount(Decimal(5791), "attendance") == "5,791"
