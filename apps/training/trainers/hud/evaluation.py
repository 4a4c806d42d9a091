"""How well a model folder reads HUDs, as ``measure`` wrote it into the folder, and the model card made of it.

``evaluation.json``: {"made", "weights" (sha256), "sets": [{"name", "kind" (real | simulated), "size" ([width, height]
of every frame, null: as they are), "frames", "malformed", "fields" {name: [right, shown, right, absent]}, "apart"
{name: [right, count]}, "sizes" {name: [right, shown]}, "wrong" [[file, field, truth, read]]}]}.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apps.captures.hud.readings import FIELDS

FILE = "evaluation.json"
MAX_BYTES = 20_000_000
AIMS = dict.fromkeys(("helmet", "weapon", "place", "hud_color", "phase"), 0.97)
USUAL_AIM = 0.99
Share = tuple[int, int]  # right, of how many


class BadEvaluation(Exception):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True)
class Measured:
    """The figures of one set of frames."""

    name: str
    kind: str
    frames: int
    malformed: int
    shown: dict[str, Share]  # exact, of the values that the HUD shows
    absent: dict[str, Share]  # said to be absent, of those that it does not show
    apart: dict[str, Share] = field(default_factory=dict)
    sizes: dict[str, Share] = field(default_factory=dict)
    size: tuple[int, int] | None = None
    wrong: tuple[tuple[str, str, Any, Any], ...] = ()  # file, field, truth, read

    @property
    def whole(self) -> Share:
        """Over all fields that are shown."""
        return sum(right for right, _ in self.shown.values()), sum(count for _, count in self.shown.values())

    def failures(self) -> dict[str, list[tuple[str, Any, Any]]]:
        """File → (field, truth, read), those with most errors first."""
        found: dict[str, list[tuple[str, Any, Any]]] = {}
        for file, name, truth, read in self.wrong:
            found.setdefault(file, []).append((name, truth, read))
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))


@dataclass(frozen=True)
class ReaderEvaluation:
    made: str
    weights: str  # sha256 of what was measured
    sets: tuple[Measured, ...]


def aim(name: str) -> float:
    """The share that a field should reach on real frames it never saw."""
    return AIMS.get(name, USUAL_AIM)


def share(pair: Share) -> float | None:
    """0 … 1; None of nothing."""
    return pair[0] / pair[1] if pair[1] else None


def read_evaluation(folder: Path) -> ReaderEvaluation | None:
    """What lies in ``folder``; None where nothing was measured.

    Raises:
        BadEvaluation: the file is none of ours, or damaged.
    """
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError("it is too large")
        told = json.loads(path.read_text(encoding="utf-8"), parse_constant=lambda word: None)
        sets = tuple(_measured(one) for one in told["sets"])
        return ReaderEvaluation(str(told["made"])[:40], str(told["weights"])[:64], sets)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadEvaluation(f"{FILE} in {folder.name} cannot be used: it is damaged or of another kind.") from error


def _measured(told: dict[str, Any]) -> Measured:
    fields = {name: told["fields"][name] for name in FIELDS if name in told["fields"]}
    size = told.get("size")
    return Measured(
        name=str(told["name"])[:80],
        kind="real" if told["kind"] == "real" else "simulated",
        frames=int(told["frames"]),
        malformed=int(told["malformed"]),
        shown={name: _share(value[:2]) for name, value in fields.items()},
        absent={name: _share(value[2:]) for name, value in fields.items()},
        apart={str(name): _share(value) for name, value in told.get("apart", {}).items()},
        sizes={str(name): _share(value) for name, value in told.get("sizes", {}).items()},
        size=(int(size[0]), int(size[1])) if size else None,
        wrong=tuple((str(file), str(name), truth, read) for file, name, truth, read in told.get("wrong", [])),
    )


def _share(pair: Any) -> Share:
    right, count = (int(number) for number in pair)
    if not 0 <= right <= count or not math.isfinite(count):
        raise ValueError("more right than there are")
    return right, count


def model_card(evaluation: ReaderEvaluation, facts: dict[str, Any]) -> str:
    """README.md of a model folder, from its figures and ``facts``: "parameters", "megabytes", "stages" (lines of
    {"stage", "steps", "spent_s"}), "data" (sentences)."""
    return "\n".join([*_head(evaluation, facts), *_figures(evaluation), *_errors(evaluation)]) + "\n"


def _head(evaluation: ReaderEvaluation, facts: dict[str, Any]) -> Iterator[str]:
    yield "# Chimera's embedded model: a small reader of CS2's HUD\n"
    yield (
        f"A Qwen3-VL in stock classes with {facts['parameters'] / 1e6:.1f} million parameters "
        f"({facts['megabytes']:.1f} MB of safetensors), trained from scratch by this project's own commands. It is "
        "shown a tile of 448×224 pixels into which the HUD of a frame is packed (`apps/captures/hud`) and answers with "
        "one JSON object. It reads; it does not see the world behind the HUD.\n"
    )
    yield "## Training\n"
    yield from (f"- {sentence}" for sentence in facts["data"])
    for stage in facts["stages"]:
        minutes = stage["spent_s"] / 60
        yield f"- Stage “{stage['stage']}”: {stage['steps']} steps in {minutes:.0f} minutes on 2 CPU cores."
    yield (
        f"\nMeasured {evaluation.made} on weights `{evaluation.weights[:12]}`, on frames never seen in training. As in "
        "`read_hud`, a frame that leaves a doubt is looked at three times; the model server looks once.\n"
    )


def _figures(evaluation: ReaderEvaluation) -> Iterator[str]:
    yield "## Exact matches by field, of what the HUD shows\n"
    yield f"| field | {' | '.join(one.name for one in evaluation.sets)} |"
    yield f"|---|{'---|' * len(evaluation.sets)}"
    for name in FIELDS:
        yield f"| {name} | {' | '.join(_words(one.shown.get(name, (0, 0))) for one in evaluation.sets)} |"
    yield f"| **all** | {' | '.join(f'**{_words(one.whole)}**' for one in evaluation.sets)} |"
    yield f"| frames (malformed answers) | {' | '.join(f'{one.frames} ({one.malformed})' for one in evaluation.sets)} |"
    for name in {name: None for one in evaluation.sets for name in one.apart}:
        yield f"| {name} | {' | '.join(_words(one.apart.get(name, (0, 0))) for one in evaluation.sets)} |"
    for one in evaluation.sets:
        if len(one.sizes) > 1:
            told = ", ".join(f"{name} {_words(pair)}" for name, pair in one.sizes.items())
            yield f"\nBy size, {one.name}: {told}."


def _errors(evaluation: ReaderEvaluation) -> Iterator[str]:
    yield "\n## Where it fails\n"
    for one in evaluation.sets:
        counts: dict[str, int] = {}
        for _, name, _, _ in one.wrong:
            counts[name] = counts.get(name, 0) + 1
        most = ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: -item[1])[:6])
        yield f"- {one.name}: {most or 'no error'}."
    yield (
        "\nIt knows the HUD's default layout, at sizes of about 0.8 to 1.15 and any picture shape; other languages, "
        "streamers' overlays and mods are unknown to it. A value that is just rolling may be read as one of its digits."
    )


def _words(pair: Share) -> str:
    part = share(pair)
    return "–" if part is None else f"{100 * part:.1f}% of {pair[1]}"
