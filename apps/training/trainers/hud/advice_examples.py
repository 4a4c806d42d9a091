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


def advice_examples(folder: Path, seed: int = 0) -> list[Example]:
    """Every sample of ``folder``: (line, text beside the frame, whole answer), in the order of their numbers.

    What is best is learnt from the lines that are not held out, and taught as far as the frame can tell: the moment's
    own roll-outs would add luck and what nobody on the screen can see, and measured no better (``docs/advice.md``).
    The same folder and seed give the same words.
    """
    lines = read_lines(folder)
    teacher = teach(lines)
    return [example(line, teacher, seed) for line in lines]


def example(line: dict[str, Any], teacher: Teacher, seed: int = 0) -> Example:
    rng = Random(f"{seed}:{line['match']}:{line['file']}")  # noqa: S311 - words, not secrets
    context = context_of(line)
    options = options_of(line)
    best = options[teacher.best(line, seen_only=True)].behavior if options else line.get("order", {})
    scene = Scene(visible_state(line), context, best)
    told = answer(scene, chance(line), rng) if best else cannot_tell(line["kind"], scene, rng)
    return line, user_prompt(context), target_text(told)
