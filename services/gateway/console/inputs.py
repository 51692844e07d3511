"""What is typed into a form, and how it becomes the fields of a command."""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from services.gateway.console.listing import Choice
from services.gateway.console.texts import t


@dataclass(frozen=True)
class Input:
    """A field of a form. Its label is the text `field.<name>` unless `label` names another; `hint` is a text too.

    `kind` is text, textarea, number, money (typed in yuan, sent in fen), date, choice, search (a choice among many),
    yes-no, password, code (of a second factor), file, kept (shown, not changed) or hidden.
    """

    name: str
    kind: str = "text"
    label: str = ""
    hint: str = ""
    choices: Callable[[], Sequence[Choice]] | None = None
    words: str = ""
    values: Sequence[str] = ()
    required: bool | None = None
    autocomplete: str = "off"
    accept: str = ""
    sent: bool = True
    """Whether it is a field of the command; what only the form minds is not."""

    @property
    def heading(self) -> str:
        return self.label or f"field.{self.name}"

    def offered(self) -> Sequence[Choice]:
        if self.choices:
            return self.choices()
        return [(value, t(f"{self.words}.{value}")) for value in self.values]


class NotUnderstood(ValueError):
    """What was typed is no value of its kind; the text says what is."""


def read(inputs: Sequence[Input], typed: Mapping[str, str]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The fields of the command, and what is wrong at which field. What was left empty is left out."""
    body: dict[str, Any] = {}
    wrong: dict[str, list[str]] = {}
    for each in inputs:
        if each.kind in ("file", "kept"):
            continue
        text = typed.get(each.name, "")
        try:
            value = value_of(each.kind, text if each.kind == "password" else text.strip())
        except NotUnderstood as error:
            wrong[each.name] = [str(error)]
        else:
            if value is not None:
                body[each.name] = value
    return body, wrong


def value_of(kind: str, text: str) -> Any:
    """The value that was typed, None for nothing. Raises NotUnderstood."""
    if kind == "yes-no":
        return text == "true"
    if not text:
        return None
    if kind in ("number", "date", "code"):
        text = unicodedata.normalize("NFKC", text)  # Digits typed while the Chinese keyboard was on.
    match kind:
        case "money":
            return fen(text)
        case "number":
            plain = text.replace(",", "")
            if not re.fullmatch(r"-?\d{1,15}", plain):
                raise NotUnderstood(t("wrong.number"))
            return int(plain)
        case "date":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise NotUnderstood(t("wrong.date")) from None
        case "code":
            return re.sub(r"\s", "", text)
        case _:
            return text.replace("\r\n", "\n")


def fen(text: str) -> int:
    """Yuan as people type them (`1,234.5`, `1234.50 元`) in fen. Raises NotUnderstood."""
    text = unicodedata.normalize("NFKC", text)
    found = re.fullmatch(r"(\d{1,11})(?:\.(\d{1,2}))?", re.sub(r"[,\s元¥]", "", text))
    if not found:
        raise NotUnderstood(t("wrong.money"))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def as_typed(each: Input, value: Any) -> str:
    """A value as it stands in its field before anything was typed."""
    if value is None:
        return ""
    if each.kind == "money":
        return f"{int(value) // 100}.{int(value) % 100:02d}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
