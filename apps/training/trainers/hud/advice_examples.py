"""Examples to train advice on: a frame's line, the text of its prompt, and the answer to write."""

from pathlib import Path
from random import Random
from typing import Any

from apps.training.datasets.prompt import user_prompt
from apps.training.datasets.target import target_text
from apps.training.trainers.hud.advice_answer import answer, cannot_tell
from apps.training.trainers.hud.advice_samples import context_of, options_of, read_lines, visible_state
from apps.training.trainers.hud.advice_scene import Scene
from apps.training.trainers.hud.advice_teacher import Teacher, chance, teach

Example = tuple[dict[str, Any], str, str]


def advice_examples(folder: Path, seed: int = 0, *, seen_only: bool = False, mode: str | None = None) -> list[Example]:
    """Every sample of ``folder``: (line, text beside the frame, whole answer), in the order of their numbers.

    What is best is learnt from the lines that are not held out. ``seen_only`` teaches what the frame alone tells to be
    best, a simpler rule with fewer plans; else the moment's own roll-outs count as well (``docs/advice.md``). The same
    folder and seed give the same words, another seed gives the same advice in other words. ``mode`` "none" leaves the
    round's context out of every prompt, as for a screenshot that comes alone (``advice_samples.context_of``).
    """
    lines = read_lines(folder)
    teacher = teach(lines)
    return [example(line, teacher, seed, seen_only=seen_only, mode=mode) for line in lines]


def example(
    line: dict[str, Any], teacher: Teacher, seed: int = 0, *, seen_only: bool = False, mode: str | None = None
) -> Example:
    """One of :func:`advice_examples`."""
    rng = Random(f"{seed}:{line['match']}:{line['file']}")  # noqa: S311 - words, not secrets
    context = context_of(line, mode)
    options = options_of(line)
    best = options[teacher.best(line, seen_only=seen_only)].behavior if options else line.get("order", {})
    scene = Scene(visible_state(line), context, best)
    told = answer(scene, chance(line), rng) if best else cannot_tell(line["kind"], scene, rng)
    return line, user_prompt(context), target_text(told)
