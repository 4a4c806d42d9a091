"""Frames to learn advice from: moments of simulated matches, and what each of a player's choices there is worth.

    python -m apps.simulation.advicesamples.write OUT --count 4000 --seed 1

Writes ``OUT/frames/NNNNNN.jpg`` and a line of ``OUT/labels-0.jsonl`` for each: all that a line of HUD samples has, the
facts of the round so far, and the player's options with how often the side won with them. Run again, it goes on where
it stopped. Every twentieth sample is held out and from a match of which nothing else is learnt.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from apps.simulation.advicesamples import choices
from apps.simulation.advicesamples.choices import Valued, valued
from apps.simulation.advicesamples.facts import facts_of
from apps.simulation.advicesamples.moments import NO_HUD, Case, Played, cases
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.hudsamples import resuming, scenery
from apps.simulation.hudsamples.write import picture
from apps.simulation.rollouts.behaviour import Behaviour

EVERY = 20  # as the HUD's samples: numbers that this divides are held out
BLOCK = 160  # samples of one set of matches
MATCHES = 5  # of a block; the last one is held out
COPIES, COPIES_HELD_OUT = 12, 48  # roll-outs per option and half
CONTEXTS = ("none", "stripped", "full")
CONTEXT_SHARES = (35, 25, 40)
VIEWS = 160


def match_of(number: int) -> int:
    """Which match a sample is from. Those of held-out numbers have no other samples."""
    block, inside = divmod(number, BLOCK)
    if inside % EVERY == 0:
        return block * MATCHES + MATCHES - 1
    rest = BLOCK - BLOCK // EVERY
    at = inside - inside // EVERY - 1
    return block * MATCHES + at * (MATCHES - 1) // rest


def by_match(count: int, part: int, parts: int) -> Iterator[tuple[int, list[int]]]:
    """Matches with their samples' numbers, shared among parts by whole blocks."""
    for block in range(part, -(-count // BLOCK), parts):
        numbers = range(block * BLOCK, min(count, (block + 1) * BLOCK))
        for match in range(block * MATCHES, (block + 1) * MATCHES):
            found = [number for number in numbers if match_of(number) == match]
            if found:
                yield match, found


def sample(
    number: int, case: Case, played: Played, seed: int, pool: list[Image.Image]
) -> tuple[Image.Image, dict[str, Any], Randomisation]:
    """The frame of ``case`` and its line."""
    dice = random.Random(f"{seed}:{number}")  # noqa: S311 - pictures, not secrets
    look = Randomisation.of(dice.randrange(2**62))
    image, line = picture(case.facts, look, dice, pool, (played.recording.map_name,), float(case.kind == NO_HUD))
    held_out = number % EVERY == 0
    line |= {
        "held_out": held_out,
        "match": match_of(number),
        "kind": case.kind,
        "context_mode": dice.choices(CONTEXTS, CONTEXT_SHARES)[0],
        "truth": facts_of(played, case),
    }
    if case.free:
        line["order"] = behavior(choices.DEFUSE)
    if case.state is not None:
        copies = COPIES_HELD_OUT if held_out else COPIES
        line |= _told(valued(played.truth, case.decided_at, case.state, case.column, copies, number + 1))
    return image, line, look


def _told(found: Valued) -> dict[str, Any]:
    options = [
        {"behavior": behavior(one), "wins": wins, "lived": lived}
        for one, wins, lived in zip(found.options, found.wins.tolist(), found.lived.tolist(), strict=True)
    ]
    return {
        "options": options,
        "copies": found.copies,
        "usual": list(found.usual),
        "shown": found.shown,
        "shown_option": found.shown_option,
    }


def behavior(one: Behaviour) -> dict[str, Any]:
    """In the words of ``advice.behavior``."""
    return {
        "movement_direction": one.movement_direction,
        "objective_direction": one.objective_direction,
        "utility_used": sorted(one.utility_used),
        "initiated_engagement": one.initiated_engagement,
        "engagement_delay": one.engagement_delay,
    }


def write(folder: Path, count: int, seed: int, part: int = 0, parts: int = 1) -> int:
    """Write what is missing of ``count`` samples; returns how many were.

    Several processes share the work by ``part`` of ``parts``, each with lines of its own.
    """
    frames = folder / "frames"
    frames.mkdir(parents=True, exist_ok=True)
    lines = folder / f"labels-{part}.jsonl"
    resuming.mend(lines)
    known = resuming.known(folder)
    pool = scenery.views(VIEWS, seed)
    made = 0
    with lines.open("a") as out:
        for match, numbers in by_match(count, part, parts):
            if all(f"{number:06d}.jpg" in known for number in numbers):
                continue
            played = Played.of(seed * 100_000 + match)
            shown = cases(played, random.Random(f"{seed}:match:{match}"))  # noqa: S311 - a game
            for number, case in zip(numbers, shown, strict=False):
                name = f"{number:06d}.jpg"
                if name in known:
                    continue
                image, line, look = sample(number, case, played, seed, pool)
                (frames / name).write_bytes(look.encoded(image))
                out.write(json.dumps({"file": name, **line}, ensure_ascii=False) + "\n")
                out.flush()
                made += 1
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--count", type=int, default=4_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    options = parser.parse_args()
    made = write(options.folder, options.count, options.seed, options.part, options.parts)
    sys.stdout.write(f"{made} samples written to {options.folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
