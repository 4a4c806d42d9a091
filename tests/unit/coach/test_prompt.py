"""The conversation sent to the model is the one of training, with the frames beside it."""

from apps.coach.advice.prompt import MAX_CONTEXT_CHARS, messages
from apps.training.datasets.prompt import system_prompt, user_prompt


def test_frames_come_before_the_question_oldest_first() -> None:
    system, user = messages([b"old", b"new"], "Round 3")
    assert system == {"role": "system", "content": system_prompt()}
    kinds = [part["type"] for part in user["content"]]
    assert kinds == ["image_url", "image_url", "text"]
    assert user["content"][2]["text"] == user_prompt("Round 3")
    assert [part["image_url"]["url"].data for part in user["content"][:2]] == [b"old", b"new"]


def test_endless_context_is_cut() -> None:
    _, user = messages([b"x"], "a" * 100_000)
    assert len(user["content"][1]["text"]) < MAX_CONTEXT_CHARS + 500
