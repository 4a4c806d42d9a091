"""Whatever a model would like to write, what is read is one whole reading."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.captures.hud.readings import FIELDS, MAX_NEW_TOKENS, values_of
from apps.training.trainers.hud import reader_model
from apps.training.trainers.hud.batches import answer
from apps.training.trainers.hud.spelling import READING, Spelled

WORDS = reader_model.tokenizer()
SPELLED = Spelled(WORDS, prompt=0)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_wishes_come_out_as_a_reading(seed: int) -> None:
    wishes = torch.Generator().manual_seed(seed)
    written: list[int] = []
    for _ in range(MAX_NEW_TOKENS):
        scores = torch.randn(1, len(WORDS), generator=wishes)
        written.append(int(SPELLED(torch.tensor([written], dtype=torch.long).reshape(1, -1), scores).argmax()))
        if written[-1] == WORDS.eos_token_id:
            break
    told = values_of(WORDS.decode(written, skip_special_tokens=True))
    assert told is not None
    assert told.keys() == set(FIELDS)


def test_what_labels_say_can_be_written() -> None:
    shown = dict.fromkeys(FIELDS) | {
        "clock": "1:35", "score_left": 12, "money": 16000, "place": "T Start", "weapon": "AWP | Phobos",
        "helmet": False, "hud_color": "blue", "phase": "live", "health": 0,
    }  # fmt: skip
    for values in (shown, dict.fromkeys(FIELDS)):
        assert READING.fullmatch(answer(values))
