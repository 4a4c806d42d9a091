"""The conversation sent to the model is the one of training, with the frames as data URLs."""

import base64

from apps.coach.advice.prompt import MAX_CONTEXT_CHARS, messages
from apps.training.datasets.prompt import system_prompt, user_prompt


def test_frames_come_before_the_question_oldest_first() -> None:
    system, user = messages([b"old", b"new"], "Round 3")
    assert system == {"role": "system", "content": system_prompt()}
    kinds = [part["type"] for part in user["content"]]
    assert kinds == ["image_url", "image_url", "text"]
    assert user["content"][2]["text"] == user_prompt("Round 3")
    head, _, body = user["content"][1]["image_url"]["url"].partition(",")
    assert head == "data:image/jpeg;base64"
    assert base64.b64decode(body) == b"new"


def test_endless_context_is_cut() -> None:
    _, user = messages([b"x"], "a" * 100_000)
    assert len(user["content"][1]["text"]) < MAX_CONTEXT_CHARS + 500
