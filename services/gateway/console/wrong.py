"""What marshmallow says is wrong with a field, in the words of the catalogue."""

import re
from typing import Any

from services.gateway.console.texts import t

KNOWN = (
    (re.compile(r"Missing data for required field\.|Field may not be null\."), "wrong.missing"),
    (re.compile(r"Not a valid date\."), "wrong.date"),
    (re.compile(r"Not a valid integer\."), "wrong.number"),
    (re.compile(r"Longer than maximum length (?P<max>\d+)\."), "wrong.too_long"),
    (re.compile(r"Shorter than minimum length (?P<min>\d+)\."), "wrong.too_short"),
    (re.compile(r"Length must be between (?P<min>\d+) and (?P<max>\d+)\."), "wrong.length"),
    (re.compile(r"Must be one of: .*"), "wrong.choice"),
    (re.compile(r"Must be greater than or equal to (?P<min>\d+).*"), "wrong.range"),
    (re.compile(r"(?P<day>\d{4}-\d\d-\d\d) is after today, (?P<today>\d{4}-\d\d-\d\d)\."), "wrong.after_today"),
    (re.compile(r"An identity number is personal data and no id\."), "wrong.identity_number_as_id"),
    (re.compile(r"Not an id: .*"), "wrong.id"),
    (re.compile(r"Not an account name: .*"), "wrong.account_name"),
    (re.compile(r"Needed: some of .*, with blanks between\."), "wrong.scopes"),
    (re.compile(r"Not a month: .*"), "wrong.month"),
    (re.compile(r"Not a code word: .*"), "wrong.word"),
    (re.compile(r"Digits of a person stand in clear here: leave them out\."), "wrong.personal_digits"),
    (re.compile(r"Unknown field\."), "wrong.unknown_field"),
)


def wrong_words(said: Any) -> str:
    """The words for one message or several; a message that is not known is shown as it is."""
    if isinstance(said, dict):
        said = [inner for value in said.values() for inner in (value if isinstance(value, list) else [value])]
    messages = said if isinstance(said, list) else [said]
    return " ".join(_words(str(message)) for message in messages)


def _words(message: str) -> str:
    for pattern, key in KNOWN:
        if found := pattern.fullmatch(message):
            return t(key, **found.groupdict())
    return message
