"""From the pay list to the line that is paid again: each step tried first by whoever took an earlier one."""

import io
from typing import Any

from python_calamine import CalamineWorkbook

from tests.gateway.api.journeys.door import STATION, Caller, bytes_of, code_of, in_base64
from tests.gateway.api.journeys.granting import account_recorded
from tests.gateway.api.journeys.grants import (
    ACCOUNT,
    AMOUNT_FEN,
    APPLICATIONS,
    CHANGED,
    FAILING,
    LESS_FEN,
    OVER,
    PLAIN,
    WITHOUT_ACCOUNT,
    codes,
    nothing_written,
    statuses,
    step,
    steps,
)
from tests.gateway.api.journeys.hands import Hands
from tests.membership.station import workbook

FIRST_LIST, SECOND_LIST = "pay-journey-1", "pay-journey-2"


def entered_by_another(hands: Hands) -> list[list[Any]]:
    """On a pay list; the rows of its bank file, which is given to whoever recorded that they take it."""
    enter, accountant = "relief/payment:enter-payment", hands.of("accountant", "accountant")
    with nothing_written(hands):
        for account_name in ("clerk-1", "head", "chair"):
            entering = steps(f"by {account_name}", pay_list_id=FIRST_LIST)
            outcomes = hands.of(account_name, "accountant").tell_many(enter, entering)
            assert codes(outcomes) == ["self-payment"] * 3, account_name
    assert statuses(accountant.tell_many(enter, steps("enter", pay_list_id=FIRST_LIST))) == ["done"] * 3
    paper = f"/stations/{STATION}/relief/bank-file-sheet"
    assert code_of(accountant.get(paper, pay_list_id=FIRST_LIST)) == "forbidden"
    _missing_account_recorded(hands, accountant)
    return _bank_file(accountant, FIRST_LIST)


def _missing_account_recorded(hands: Hands, accountant: Caller) -> None:
    """Where an account is missing there is no bank file, and it says whose."""
    accountant.tell(
        "relief/pay-list:export-bank-file", pay_list_id=FIRST_LIST, format="csv", occurred_on=OVER.isoformat()
    )
    refused = accountant.get(f"/stations/{STATION}/relief/bank-file-sheet", pay_list_id=FIRST_LIST)
    assert refused.status_code == 422
    assert refused.json()["fields"]["pay_list_id"] == [
        f"No account is recorded for {WITHOUT_ACCOUNT}: RecordPayee first."
    ]
    clerk = hands.of("clerk-1", "clerk")
    person_id = clerk.ask("relief/application", application_id=WITHOUT_ACCOUNT)["person_id"]
    account_recorded(clerk, person_id, APPLICATIONS.index(WITHOUT_ACCOUNT), OVER)


def _bank_file(accountant: Caller, pay_list_id: str) -> list[list[Any]]:
    taken = {"pay_list_id": pay_list_id, "format": "xlsx", "occurred_on": OVER.isoformat()}
    accountant.tell("relief/pay-list:export-bank-file", **taken)
    file = bytes_of(accountant.ask("relief/bank-file-sheet", pay_list_id=pay_list_id))
    rows: list[list[Any]] = CalamineWorkbook.from_filelike(io.BytesIO(file)).get_sheet_by_index(0).to_python()
    assert all(row[2].startswith(ACCOUNT) for row in rows[1:])
    as_text = bytes_of(accountant.ask("relief/bank-file-sheet", pay_list_id=pay_list_id, format="csv")).decode(
        "utf-8-sig"
    )
    assert [line.split(",")[5] for line in as_text.splitlines()] == [row[5] for row in rows]
    return rows


def released_by_another(hands: Hands, pay_list_id: str, lines: tuple[str, ...]) -> None:
    release = "relief/payment:release-payment"
    asked = [(f"{pay_list_id}/{each}", step(each)) for each in lines]
    with nothing_written(hands):
        for account_name, code in (
            ("clerk-1", "self-payment"),
            ("head", "self-payment"),
            ("chair", "self-payment"),
            ("accountant", "self-release"),
        ):
            outcomes = hands.confirmed(account_name, "cashier").tell_many(release, asked)
            assert codes(outcomes) == [code] * len(lines), account_name
        assert hands.of("cashier", "cashier").refused(release, **step(lines[0])) == "confirmation-needed"
    assert statuses(hands.confirmed("cashier", "cashier").tell_many(release, asked)) == ["done"] * len(lines)


def booked(hands: Hands, file: list[list[Any]]) -> None:
    """The bank's return: one line fails, one is of no list of ours; read twice, it is booked once."""
    answers = {PLAIN: ["成功", ""], FAILING: ["失败", "账户已销户"], CHANGED: ["成功", ""]}
    rows = [[*row[:6], *answers[row[5]]] for row in file[1:]]
    back = workbook([*rows, [*rows[0][:5], "of-another-list", "成功", ""]], file[0])
    cashier = hands.of("cashier", "cashier")
    asked = {"pay_list_id": FIRST_LIST, "occurred_on": OVER.isoformat()}
    for unreadable in ("not base64", in_base64(b"PK no workbook"), in_base64("业务编号\n1".encode())):
        assert cashier.refused("relief/bank-return-check:ask", **asked, file=unreadable) == "invalid"
    for _ in range(2):
        _book(cashier, FIRST_LIST, back, ["", "", "", "not_on_this_list"])
        told = cashier.ask("relief/pay-list", pay_list_id=FIRST_LIST)
        states = {row["application_id"]: row["state"] for row in told["rows"]}
        assert states == {PLAIN: "paid", FAILING: "failed", CHANGED: "paid"}
        assert (told["paid_fen"], told["failed"]) == (AMOUNT_FEN + LESS_FEN, 1)


def _book(cashier: Caller, pay_list_id: str, back: bytes, problems: list[str]) -> None:
    asked = {"pay_list_id": pay_list_id, "occurred_on": OVER.isoformat()}
    told = cashier.ask_by_body("relief/bank-return-check", **asked, file=back)
    assert sorted(line["problem"] for line in told["lines"]) == sorted(problems)
    rows = [(order["command_id"], order["body"]) for order in told["orders"]]
    outcomes = cashier.tell_many("relief/payment:book-bank-return", rows)
    assert statuses(outcomes) == ["done"] * problems.count("")


def paid_again(hands: Hands) -> None:
    accountant, enter = hands.of("accountant", "accountant"), "relief/payment:enter-payment"
    assert accountant.refused(enter, **step(FAILING, pay_list_id=FIRST_LIST)) == "pay-list-spent"
    with nothing_written(hands):
        entered = hands.of("chair", "accountant").refused(enter, **step(FAILING, pay_list_id=SECOND_LIST))
        assert entered == "self-payment"
    accountant.tell(enter, **step(FAILING, pay_list_id=SECOND_LIST))
    headings, line = _bank_file(accountant, SECOND_LIST)
    released_by_another(hands, SECOND_LIST, (FAILING,))
    back = workbook([[*line[:6], "成功", ""]], headings)
    _book(hands.of("cashier", "cashier"), SECOND_LIST, back, [""])


def vouchers_are_consecutive(clerk: Caller) -> None:
    histories = [clerk.ask("relief/history", aggregate="payment", key=each)["events"] for each in APPLICATIONS]
    paid = [event for events in histories for event in events if event["type"] == "GrantPaid"]
    numbers = sorted(event["payload"]["voucher"] for event in paid)
    assert len(numbers) == 3
    assert numbers == list(range(numbers[0], numbers[0] + 3))
