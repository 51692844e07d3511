"""One application: its chain with who and when, what changed, what is next and for whom; and each step's form."""

from typing import Any

from services.gateway.console.asking import ask, may
from services.gateway.console.detail import Fact, Record, Told, record_page
from services.gateway.console.forms import CommandForm, form_page
from services.gateway.console.inputs import Input
from services.gateway.console.page import Page, link
from services.gateway.console.pages.households import today
from services.gateway.console.relief.chain import chain_as_of, taken
from services.gateway.console.relief.people import name_of
from services.gateway.relief.capitals import in_capitals

FORMS = {
    "RecordHomeVisit": "visit",
    "RecordComparison": "compare",
    "ReviewApplication": "review",
    "PublishNotice": "publish_notice",
    "CloseNotice": "close_notice",
    "ApproveApplication": "approve",
    "ReturnApplication": "return_application",
    "ResubmitApplication": "resubmit",
    "RefuseApplication": "refuse",
    "WithdrawApplication": "withdraw",
    "EnterPayment": "enter_payments",
    "TakeOffPayList": "take_off",
    "ReleasePayment": "pay_list",
    "BookBankReturn": "pay_list",
    "SignForGrant": "sign_for_grant",
    "ReversePayment": "reverse_payment",
}
"""The page on which each command of the chain is given."""


def address_of(command: str, told: Told) -> str:
    """Where a command is given for this application."""
    if FORMS[command] == "pay_list":
        return link("pay_list", key=told["pay_list_id"])
    if FORMS[command] == "enter_payments":
        return link("enter_payments", application_id=told["application_id"])
    return link(FORMS[command], key=told["application_id"])


def _next(told: Told) -> list[dict[str, Any]]:
    return [
        {**each, "may": may("relief", each["command"]), "address": address_of(each["command"], told)}
        for each in told["next"]
    ]


def _about_record(told: Told) -> dict[str, Any]:
    return {"chain": taken(told["steps"]), "next": _next(told), "capitals": in_capitals(told["amount_fen"])}


APPLICATION = Record(
    name="application",
    path="/applications/<key>",
    service="relief",
    question="application",
    key="application_id",
    aggregates=("application", "payment"),
    as_of=chain_as_of,
    title=lambda told: name_of(str(told["person_id"])) if told.get("person_id") else str(told["application_id"]),
    kind="applications.kind",
    facts=(
        Fact("state", words="state"),
        Fact("amount_fen", "money"),
        Fact("asked_fen", "money"),
        Fact(
            "person_id",
            label="field.household",
            show=lambda told: name_of(str(told["person_id"])),
            to=lambda told: link("household", key=told["person_id"]),
        ),
        Fact("programme", words="programme"),
        Fact("fund_id", label="field.fund"),
        Fact("applied_on", "date"),
        Fact("notice_until", "date"),
        Fact("pay_list_id", label="field.pay_list", to=lambda told: link("pay_list", key=told["pay_list_id"])),
        Fact("account_recorded_on", "date", only_today=True),
        Fact("ground", "personal", label="field.hardship"),
    ),
    back="applications",
    about=_about_record,
    template="application.html",
)


def about_application(key: str) -> dict[str, Any]:
    """What stands beside a step's form: the application as it is now."""
    told = ask("relief", "application", application_id=key)
    return {
        "application": told,
        "household": name_of(told["person_id"]),
        "capitals": in_capitals(told["amount_fen"]),
        "cancel": link("application", key=key),
    }


def step(name: str, path: str, command: str, *inputs: Input, **more: Any) -> CommandForm:
    """The form of one step of the chain."""
    return CommandForm(
        name=name,
        path=f"/applications/<key>/{path}",
        service="relief",
        command=command,
        title=f"step.{name}",
        submit=f"next.{command}",
        hint=more.pop("hint", ""),
        inputs=(*inputs, Input("occurred_on", "date")),
        fixed=lambda key: {"application_id": key},
        begun=more.pop("begun", today),
        about=about_application,
        done=lambda _body, _answer, key: link("application", key=key),
        said=f"step.{name}_said",
        template="application_step.html",
        **more,
    )


def _asked_again(key: str) -> dict[str, Any]:
    return {**today(), "amount_fen": ask("relief", "application", application_id=key)["amount_fen"]}


REASONS_RETURNED = ("paper_missing", "amount_not_supported", "facts_unclear", "other")
REASONS_REFUSED = ("not_in_need", "second_home", "vehicle", "business", "above_ceiling", "other")
REASONS_WITHDRAWN = ("not_wanted", "died", "moved_away", "other")
STEPS = (
    step(
        "visit",
        "visit",
        "RecordHomeVisit",
        Input("finding", "choice", words="finding", values=("as_stated", "in_need", "income_checked", "not_as_stated")),
    ),
    step("compare", "compare", "RecordComparison", Input("clear", "yes-no", hint="step.clear_hint")),
    step("review", "review", "ReviewApplication", hint="step.review_hint"),
    step("publish_notice", "notice", "PublishNotice", hint="step.publish_notice_hint"),
    step("close_notice", "notice/close", "CloseNotice", Input("objections", "number", hint="step.objections_hint")),
    step("approve", "approve", "ApproveApplication", hint="step.approve_hint"),
    step(
        "return_application",
        "return",
        "ReturnApplication",
        Input("reason", "choice", words="reason", values=REASONS_RETURNED),
    ),
    step("resubmit", "resubmit", "ResubmitApplication", Input("amount_fen", "money"), begun=_asked_again),
    step(
        "refuse",
        "refuse",
        "RefuseApplication",
        Input("reason", "choice", words="reason", values=REASONS_REFUSED),
        serious=True,
    ),
    step(
        "withdraw",
        "withdraw",
        "WithdrawApplication",
        Input("reason", "choice", words="reason", values=REASONS_WITHDRAWN),
        hint="step.withdraw_hint",
        serious=True,
    ),
    step(
        "take_off",
        "take-off",
        "TakeOffPayList",
        Input("reason", "choice", words="reason", values=("wrong_list", "wrong_account", "not_wanted", "other")),
    ),
    step("sign_for_grant", "sign", "SignForGrant"),
    step(
        "reverse_payment",
        "reverse",
        "ReversePayment",
        Input("reason", "choice", words="reason", values=("wrong_account", "wrong_amount_on_voucher", "other")),
        hint="step.reverse_hint",
        serious=True,
    ),
)

PAGES: tuple[Page, ...] = (record_page(APPLICATION), *(form_page(each) for each in STEPS))
