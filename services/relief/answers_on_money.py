"""What relief answers about money: funds, policies, pay lists, consolation lists."""

from typing import Annotated, Literal, TypedDict

from lastmile.kernel.domain.answers import Day, Version
from services.relief.consolation import Occasion
from services.relief.consolation_line import Recipient
from services.relief.kinds import Programme, Source
from services.relief.pay_list import FileFormat

LineState = Literal["entered", "released", "paid", "failed", "reversed", "signed_for"]


class _PayList(TypedDict):
    pay_list_id: str
    state: Annotated[
        Literal["open", "with_bank", "answered"],
        "Open until all is released, then with the bank until all is answered.",
    ]
    entered_on: Day
    lines: int
    amount_fen: int
    entered: Annotated[int, "Lines in this state, as the next ones."]
    released: int
    paid: Annotated[int, "Signed for or not."]
    failed: int
    reversed: int
    paid_fen: int


class PayListed(_PayList):
    """A pay list with its sums."""


class PayLine(TypedDict):
    """A payment on a list; `account_recorded_on` is none as long as no account is on record."""

    application_id: str
    person_id: str
    fund_id: str
    amount_fen: int
    state: LineState
    reason: Annotated[str, "Why the bank did not pay."] | None
    voucher: int | None
    entered_by: str
    entered_on: Day
    released_by: str | None
    released_on: Day | None
    answered_on: Day | None
    account_recorded_on: Day | None


class BankFileMade(TypedDict):
    """A bank file as it was taken out."""

    position: Annotated[int, "Of its entry in the log."]
    format: FileFormat
    lines: int
    amount_fen: int
    exported_by: str
    exported_on: Day


class PayList(_PayList):
    """One pay list; `file_is_stale`: what stands on it is no longer what the last bank file said.

    It has no version: it is made of payments, each with its own, and of the bank files taken out.
    """

    rows: list[PayLine]
    bank_files: list[BankFileMade]
    file_is_stale: bool


class BankLine(TypedDict):
    """A line of a bank file, in clear; its account is none where none was recorded or the person was erased."""

    reference: Annotated[str, "The id of the application."]
    person_id: str
    holder: str | None
    account_number: str | None
    bank: str | None
    amount_fen: int


class BankFile(TypedDict):
    """The lines of a pay list for the bank; it has no version, as the pay list has none."""

    pay_list_id: str
    rows: list[BankLine]


class Policy(TypedDict):
    """A policy: what is given for a programme in an area, from when until when, by which document."""

    policy_id: str
    programme: Programme
    issuer: str
    document_number: str
    area: str
    valid_from: Day
    valid_until: Day | None
    ceiling_fen: int
    notice_days: int
    times_a_year: int
    confirmed: Annotated[bool, "Whether the source was seen."]
    stated_by: str


class _ConsolationList(TypedDict):
    list_id: str
    occasion: Occasion
    festival_year: int
    fund_id: str
    prepared_by: str
    prepared_on: Day
    approved_on: Day | None
    amount_fen: int


class ConsolationListed(_ConsolationList):
    """A consolation list, how many lines it has, and their sum."""

    lines: int


class ConsolationLine(TypedDict):
    """What one person is to be given; `signed_on` once they have it."""

    recipient_id: str
    recipient: Recipient
    amount_fen: int
    in_goods: bool
    added_by: str
    added_on: Day
    signed_on: Day | None


class ConsolationList(_ConsolationList):
    """A consolation list with its lines; the version is the list's own, each line has another."""

    version: Version
    lines: list[ConsolationLine]
    count: int


class Fund(TypedDict):
    """A fund: what of its budget was approved, what of that was paid, and what may still be approved."""

    fund_id: str
    programme: Programme
    source: Source
    budget_fen: int
    approved_fen: int
    paid_fen: int
    left_fen: int
    opened_by: str
