"""The conversation sent to a model: the one prompt of training, with the frame beside it."""

from typing import Any

from apps.coach.inference_body import Picture
from apps.training.datasets.prompt import system_prompt, user_prompt

MAX_CONTEXT_CHARS = 4_000


def messages(frames: list[bytes], context: str = "", grounding: str = "") -> list[dict[str, Any]]:
    """OpenAI chat messages: system prompt, then the frames (JPEG or PNG bytes, oldest first, each as a
    :class:`Picture`) and the question.

    ``grounding`` says before the question what was read on the newest frame's HUD.
    """
    images = [{"type": "image_url", "image_url": {"url": Picture(frame)}} for frame in frames]
    asked = user_prompt(context[:MAX_CONTEXT_CHARS])
    question = {"type": "text", "text": f"{grounding}\n\n{asked}" if grounding else asked}
    return [{"role": "system", "content": system_prompt()}, {"role": "user", "content": [*images, question]}]
