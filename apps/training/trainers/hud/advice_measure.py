"""How good the advice of a model is, on samples of matches that it never saw.

    python -m apps.training.trainers.hud.advice_measure --samples DIR (--answers FILE | --model FOLDER | --teacher)
    python -m apps.training.trainers.hud.advice_measure --real DIR --model FOLDER

``FILE`` holds a line ``{"file": "000020.jpg", "text": "…"}`` for each answer. ``--teacher`` measures the answers that
are taught, which no model can be expected to beat by much, and with ``--seen-only`` those by what a frame alone shows;
``--given`` cuts a model's frames by the truth, not by the finder. Says how many answers are valid, how many game states
are wholly right, what following the advice is worth, and how many different things are advised. Of real frames, about
which no advice is known to be best, it says how many answers are valid and how many values of their game state are the
labels', alone and beside words that say nothing.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from apps.captures.hud.readings import state_of
from apps.captures.labelling.schema import answer_schema
from apps.training.rewards.behavior_text import advised
from apps.training.rewards.gate import inspect_answer
from apps.training.trainers.hud.advice_examples import advice_examples
from apps.training.trainers.hud.advice_samples import read_lines, visible_state
from apps.training.trainers.hud.advice_value import Worth, advice_value, by_match
from apps.training.trainers.hud.labels import Labelled, real

ASIDE = "gg, good half so far"  # never seen in training
UNREAD = ("map_name", "player_has_defuser", "team_money_total", "utility", "visible_enemies")  # see visible_state


@dataclass
class Measured:
    """``worths`` are of moments where something was advised; ``silent`` counts those where something should have been.

    ``admitted`` of ``unknowable`` frames were answered without advising a behaviour, as they should be.
    """

    answers: int = 0
    valid: int = 0
    exact: int = 0
    fields: dict[str, int] = field(default_factory=dict)
    worths: list[tuple[int, Worth]] = field(default_factory=list)
    silent: int = 0
    unknowable: int = 0
    admitted: int = 0
    actions: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)


def problems(text: str) -> tuple[dict[str, Any] | None, list[str]]:
    """The answer and what is wrong with it, by the same gate and schema as the coach's page; none means valid."""
    answer, reason = inspect_answer(text)
    if answer is None:
        return None, [reason]
    return answer, [error.message for error in _validator().iter_errors(answer)]


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(answer_schema())


def measure(lines: Sequence[dict[str, Any]], texts: Mapping[str, str]) -> Measured:
    """Measure the answers to those of ``lines`` that have one."""
    found = Measured()
    for line in lines:
        if line["file"] in texts:
            _add(found, line, texts[line["file"]])
    return found


def _add(found: Measured, line: dict[str, Any], text: str) -> None:
    found.answers += 1
    knowable = bool(line.get("options") or line.get("order"))
    found.unknowable += not knowable
    answer, wrong = problems(text)
    if answer is None or wrong:
        found.silent += knowable
        found.wrong.append(f"{line['file']}: {wrong[0][:160]}")
        return
    found.valid += 1
    truth = visible_state(line)
    right = [name for name, value in truth.items() if answer["game_state"].get(name) == value]
    found.exact += len(right) == len(truth)
    for name in right:
        found.fields[name] = found.fields.get(name, 0) + 1
    told = advised(answer["advice"])
    if not knowable:
        found.admitted += told.is_empty
        return
    found.actions.add(answer["advice"]["primary_action"])
    if told.is_empty:
        found.silent += 1
    elif line.get("options"):
        found.worths.append((line["match"], advice_value(line, told)))


def report(found: Measured) -> list[str]:
    """The figures as lines of text."""
    lines = [
        f"{found.answers} answers: valid {_share(found.valid, found.answers)}, "
        f"game state wholly right {_share(found.exact, found.valid)}",
        f"cannot be known: {_share(found.admitted, found.unknowable)} said so; "
        f"silent or invalid where advice was due: {found.silent}",
        f"{len(found.actions)} different actions at {len(found.worths)} moments",
    ]
    if found.fields:
        worst = sorted(found.fields.items(), key=lambda pair: pair[1])[:8]
        lines.append("weakest fields: " + ", ".join(f"{name} {_share(right, found.valid)}" for name, right in worst))
    if found.worths:
        lines += _worth_lines(found)
    return lines


def _worth_lines(found: Measured) -> list[str]:
    worths = found.worths
    matches = len({match for match, _ in worths})
    rows = [f"rounds won, {len(worths)} moments of {matches} matches (95 % bootstrap by match):"]
    for name in ("advised", "best", "usual", "shown", "hold", "chance"):
        rows.append(f"  {name:8} {by_match(worths, lambda one, name=name: getattr(one, name))}")  # type: ignore[misc]
    rows += [
        f"regret of the advice against the best {by_match(worths, lambda one: one.regret)}",
        f"advice over the players' own policy {by_match(worths, lambda one: one.advised - one.usual)}",
        f"advice over what the players did    {by_match(worths, lambda one: one.advised - one.shown)}",
        f"advice over always holding          {by_match(worths, lambda one: one.advised - one.hold)}",
        f"advice over any option by chance    {by_match(worths, lambda one: one.advised - one.chance)}",
    ]
    return rows


def report_real(model: Path, folder: Path, limit: int) -> list[str]:
    """Answers about the real frames that are held out, without a round context and with one that tells nothing."""
    from apps.training.trainers.hud.advice_ask import asked

    frames = [one for one in real(folder) if one.held_out][:limit]
    rows = []
    for title, context in (("alone", ""), (f"beside “{ASIDE}”", ASIDE)):
        texts = asked(model, [one.path for one in frames], [context] * len(frames))
        read = [problems(text) for text in texts]
        valid = [(one, answer) for one, (answer, wrong) in zip(frames, read, strict=True) if answer and not wrong]
        rows.append(f"{len(frames)} real frames, {title}: valid {_share(len(valid), len(frames))}; {against(valid)}")
    return rows


def against(answers: Sequence[tuple[Labelled, dict[str, Any]]]) -> str:
    """How the game states stand to what the labels tell: a value that is right, another or none, and one too much."""
    right, told, invented, wrong = 0, 0, 0, Counter[str]()
    for one, answer in answers:
        said, known = answer["game_state"], state_of(one.values)
        for name, value in known.items():
            told += 1
            right += said.get(name) == value
            wrong[name] += said.get(name) != value
        invented += sum(bool(said.get(name)) for name in UNREAD)
    worst = ", ".join(f"{name} {count}" for name, count in wrong.most_common(6) if count)
    return f"values of the labels {_share(right, told)} (wrong: {worst}); {invented} of what the tile does not tell"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part}/{whole})" if whole else "none"


def read_answers(path: Path) -> dict[str, str]:
    """File name → text of an answers file."""
    return {row["file"]: row["text"] for row in map(json.loads, path.read_text().splitlines())}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    frames = parser.add_mutually_exclusive_group(required=True)
    frames.add_argument("--samples", type=Path)
    frames.add_argument("--real", type=Path)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--answers", type=Path)
    source.add_argument("--model", type=Path)
    source.add_argument("--teacher", action="store_true")
    parser.add_argument("--seen-only", action="store_true")
    parser.add_argument("--limit", type=int, default=10_000)
    parser.add_argument("--given", action="store_true")
    parser.add_argument("--wrong", type=int, default=10)
    options = parser.parse_args()
    if options.real:
        sys.stdout.write("\n".join(report_real(options.model, options.real, options.limit)) + "\n")
        return 0
    lines = [line for line in read_lines(options.samples) if line["held_out"]][: options.limit]
    if options.answers:
        texts = read_answers(options.answers)
    elif options.teacher:
        taught = advice_examples(options.samples, seen_only=options.seen_only)
        texts = {line["file"]: text for line, _, text in taught}
    else:
        from apps.training.trainers.hud.advice_ask import answers

        texts = answers(options.model, options.samples, lines, given=options.given)
    found = measure(lines, texts)
    sys.stdout.write("\n".join([*report(found), *found.wrong[: options.wrong]]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
