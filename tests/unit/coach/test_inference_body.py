"""What is sent is JSON, whatever people wrote beside their pictures, and a picture in it is its data URL."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.coach.inference_body import Picture, body

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
PICTURES = st.builds(Picture, st.binary() | st.binary().map(b"\x89PNG".__add__))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | WORDS | PICTURES,
    lambda values: st.lists(values, max_size=4) | st.dictionaries(WORDS, values, max_size=4),
    max_leaves=12,
)


def _as_sent(value: Any) -> Any:
    if isinstance(value, Picture):
        kind = "png" if value.data.startswith(b"\x89PNG") else "jpeg"
        return f"data:image/{kind};base64,{base64.b64encode(value.data).decode()}"
    if isinstance(value, list):
        return [_as_sent(one) for one in value]
    return {key: _as_sent(one) for key, one in value.items()} if isinstance(value, dict) else value


@given(st.dictionaries(WORDS, VALUES, max_size=5))
def test_it_says_what_was_asked(question: dict[str, Any]) -> None:
    assert json.loads(b"".join(body(question))) == _as_sent(question)


def test_what_is_neither_json_nor_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="A object cannot be sent"):
        list(body({"messages": object()}))
