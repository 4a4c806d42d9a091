"""The conversation sent to a model: the one prompt of training, with the frame beside it."""

import base64
from typing import Any

from apps.training.datasets.prompt import system_prompt, user_prompt

MAX_CONTEXT_CHARS = 4_000


def messages(frames: list[bytes], context: str = "") -> list[dict[str, Any]]:
    """OpenAI chat messages: system prompt, then the frames (JPEG or PNG bytes, oldest first) and the question."""
    images = [{"type": "image_url", "image_url": {"url": _data_url(frame)}} for frame in frames]
    question = {"type": "text", "text": user_prompt(context[:MAX_CONTEXT_CHARS])}
    return [{"role": "system", "content": system_prompt()}, {"role": "user", "content": [*images, question]}]


def _data_url(picture: bytes) -> str:
    kind = "png" if picture.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(picture).decode()}"
