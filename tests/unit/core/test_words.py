"""Words that pages show for the game's own."""

import pytest

from apps.core.templatetags.chimera import end_reason


@pytest.mark.parametrize(
    ("word", "shown"),
    [("target_bombed", "bomb exploded"), ("ct_win", "terrorists eliminated"), ("round_draw", "round draw"), ("", "")],
)
def test_how_a_round_ended(word: str, shown: str) -> None:
    assert end_reason(word) == shown
