"""One value has one text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lastmile.kernel.domain.canonical import LARGEST_INTEGER, canonical, plain

WRITABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
"""What PostgreSQL can store."""

KEYS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.text(WRITABLE, max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def test_keys_are_sorted_and_nothing_is_blank() -> None:
    assert canonical({"b": 1, "a": [True, None, -2], "B": {}}) == b'{"B":{},"a":[true,null,-2],"b":1}'


def test_text_is_written_as_rfc_8785_says() -> None:
    assert canonical('\u20ac$\u000f\nA\'B"\\\\"/') == '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'.encode()


@given(VALUES)
def test_it_reads_back_as_the_same_value(value: Any) -> None:
    assert json.loads(canonical(plain(value))) == value


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_the_order_in_which_a_value_was_made_leaves_no_trace(value: dict[str, Any]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


@given(VALUES)
def test_it_equals_what_another_writer_of_sorted_json_makes(value: Any) -> None:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(value) == text.encode()


@pytest.mark.parametrize(
    ("value", "place"),
    [
        (1.5, "body"),
        ({"a": [1, 2.0]}, "body.a[1]"),
        ({"a": {"b": LARGEST_INTEGER + 1}}, "body.a.b"),
        ([-LARGEST_INTEGER - 1], "body[0]"),
        ({"名": 1}, "'名'"),
        ({1: 2}, "key 1"),
        ({"a": b"bytes"}, "body.a"),
        ({"a": (1, 2)}, "body.a"),
    ],
)
def test_what_has_no_canonical_form_is_refused_and_its_place_named(value: Any, place: str) -> None:
    with pytest.raises(TypeError) as refusal:
        plain(value)
    assert place in str(refusal.value)


@given(VALUES)
def test_what_has_a_canonical_form_is_left_as_it_is(value: Any) -> None:
    assert plain(value) == value


def test_a_body_nested_too_deep_is_refused_by_place() -> None:
    body: object = "x"
    for _ in range(600):
        body = [body]
    with pytest.raises(TypeError, match="deeper"):
        plain(body)


def test_half_a_character_is_refused_by_place() -> None:
    with pytest.raises(TypeError, match=r"body\.name: holds half of a character"):
        plain({"name": "\ud800"})
