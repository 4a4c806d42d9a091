"""Samples as the records that TRL's trainers take: conversations with an image beside them.

``images`` holds storage names, oldest frame first, the sample's own last; the trainer's child process opens them. The
context goes in without its current state unless asked otherwise: a prompt that holds the answer teaches reading it.
"""

from collections.abc import Sequence
from typing import Any, Literal

from apps.captures.labelling.sample import Sample
from apps.training.rewards.columns import columns_of

from .prompt import strip_current_state, system_prompt, user_prompt
from .target import Targets, target, target_text

Context = Literal["stripped", "full", "none"]
ONLY_STATE = 'This time give only {"game_state": …}, without the other two sections.'


def sft_record(
    sample: Sample,
    *,
    targets: Targets = "full",
    context: Context = "stripped",
    earlier: Sequence[str] = (),
    seed: int = 0,
) -> dict[str, Any]:
    """{prompt, completion, images, screenshot_id, target_kind}; the loss is on the completion only.

    ``target_kind`` is "behavior", "format" (nothing known of the player's next move) or "perception".
    """
    answer, kind = target(sample, targets=targets, seed=seed)
    prompt = prompt_messages(sample, context)
    if targets == "perception":
        prompt[-1]["content"] += f"\n{ONLY_STATE}"
    return {
        "prompt": prompt,
        "completion": [{"role": "assistant", "content": target_text(answer)}],
        "images": [*earlier, sample.image_name],
        "screenshot_id": sample.screenshot_id,
        "target_kind": kind,
    }


def grpo_record(
    sample: Sample,
    *,
    context: Context = "stripped",
    earlier: Sequence[str] = (),
    categories: list[str] | None = None,
) -> dict[str, Any]:
    """{prompt, images, screenshot_id, label, observability, behavior, categories, contribution, round_won}.

    The columns after ``screenshot_id`` are those the reward signals read (``rewards.columns``).
    """
    return {
        "prompt": prompt_messages(sample, context),
        "images": [*earlier, sample.image_name],
        "screenshot_id": sample.screenshot_id,
        **columns_of(sample, categories),
    }


def prompt_messages(sample: Sample, context: Context = "stripped") -> list[dict[str, str]]:
    """System and user message, as text; trainers and evaluation put the images before the user's text."""
    return [
        {"role": "system", "content": system_prompt()},
        {"role": "user", "content": user_prompt(context_text(sample.context, context))},
    ]


def context_text(text: str, context: Context) -> str:
    """The round context as the prompt may show it."""
    if context == "none":
        return ""
    return strip_current_state(text) if context == "stripped" else text
