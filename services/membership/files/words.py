"""How the checks of a file speak: in Chinese for whoever filled it in, in English beside it."""

from collections.abc import Iterable
from typing import Any

from lastmile.kernel.domain.failures import Failure, Invalid

HEADERS = {
    "name": "姓名",
    "identity_number": "身份证号",
    "phone": "手机号",
    "union_id": "所属工会",
    "employment": "从业状态",
    "occurred_on": "日期",
    "card_number": "卡号",
}

_REFUSALS = {
    "already-a-member": "登记册里已有此人；如是重新入会，请按“入会”导入",
    "member-elsewhere": "此人是其他站点的会员，请先向对方提出会籍接转",
    "no-such-union": "本站没有这个工会，请核对名称或编号",
    "person-died": "登记册记载此人已去世",
    "an-erased-person": "此人资料已依法删除",
    "dated-before": "日期早于上一次变更",
    "one-live-card": "此人已有一张有效卡",
    "card-number-taken": "这个卡号已是别人的卡",
    "card-for-members-only": "不是本站会员，不能办卡",
    "no-lost-card": "此人没有挂失的卡",
}
_MESSAGES = {
    "Missing data for required field.": "没有填写",
    "Field may not be null.": "没有填写",
    "Not a valid date.": "不是日期，请写成 2017-03-01",
    "A 15-digit number has no check digit: enter the 18-digit one.": "15 位旧号没有校验位，请填 18 位号码",
    "Typed as a number in a spreadsheet and rounded: enter it as text.": (
        "按数字录入，后几位已丢失；请把该列设为文本后重新填写"
    ),
    "Not an identity number: digits 7 to 14 are no date of birth.": "不是身份证号：第 7 至 14 位不是出生日期",
    "Not an identity number: the check digit is wrong.": "不是身份证号：校验位不对",
}

Problem = dict[str, str]
"""`{"zh", "en"}`"""


def problem(zh: str, en: str) -> Problem:
    return {"zh": zh, "en": en}


def problems_of(failure: Failure) -> list[Problem]:
    """What is wrong, each field by itself."""
    if not isinstance(failure, Invalid):
        return [problem(_REFUSALS.get(failure.code, str(failure)), str(failure))]
    return [
        problem(f"{HEADERS.get(name, name)}：{_field(name, message)}", f"{name}: {message}")
        for name, messages in failure.fields.items()
        for message in _texts(messages)
    ]


def _field(name: str, message: str) -> str:
    if name == "identity_number":
        return _MESSAGES.get(message, "不是身份证号：应为 17 位数字加 1 位校验码")
    if "is after today" in message:
        return "晚于今天"
    return _MESSAGES.get(message, "填写不对或过长")


def _texts(messages: Any) -> Iterable[str]:
    return map(str, messages) if isinstance(messages, list) else [str(messages)]
