"""Turning marshmallow's fields into JSON Schema where apispec does not say enough."""

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate


def show_patterns(converter: Any) -> None:
    """Patterns in the words of JSON Schema (ECMA 262), which has no \\Z; whole numbers with their bounds."""
    converter.add_attribute_function(_pattern)
    converter.add_attribute_function(_words_or_none)


def _pattern(_converter: Any, field: fields.Field[Any], **_: Any) -> Mapping[str, Any]:
    for check in field.validators:
        if isinstance(check, validate.Regexp) and isinstance(check.regex, re.Pattern):
            return {"pattern": str(check.regex.pattern).replace(r"\Z", "$")}
    return {}


def _words_or_none(_converter: Any, field: fields.Field[Any], ret: Mapping[str, Any]) -> Mapping[str, Any]:
    """Where none is allowed, it stands among the words."""
    if field.allow_none and "enum" in ret and None not in ret["enum"]:
        return {"enum": [*ret["enum"], None]}
    return {}
