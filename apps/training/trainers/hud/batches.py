"""Batches for the reader's training: tiles composed anew, and what to write of them."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch

from apps.captures.hud.groups import GROUPS
from apps.captures.hud.readings import ASK, FIELDS, SIDES
from apps.training.datasets.prompt import system_prompt, user_prompt
from apps.training.trainers.hud.advice_examples import advice_examples
from apps.training.trainers.hud.advice_samples import LIVE, context_of, read_lines, visible_state
from apps.training.trainers.hud.excerpts import CELLS, TOLD, cells_of, excerpt, padded
from apps.training.trainers.hud.glyphs import SLOTS
from apps.training.trainers.hud.looks import Looks
from apps.training.trainers.hud.pool import Pool

BATCH = 16
EXCERPTS = 128  # groups alone that a step has beside its tiles
EXCERPT_SHARE = {"place": 0.3, "primary": 0.1, "pistol": 0.05, "alive": 0.5, "ammunition": 0.05}
ADVISING = 4, 8  # tiles of a step in "advise": of advice, which is three times as long, and of readings
LONGEST = 640  # tokens of an example of advice
WORDINGS = 3  # of each advice
UNKNOWN_AGAIN = 3  # times that a frame is shown which tells too little: they are few, and answered in another shape
STATE_SHARE = 0.5  # of the readings in "advise": how many are the beginning of an advice
START_S = 20  # the longest time before a round
REAL_SHARE = {"see": 0.15, "read": 0.2, "advise": 0.3}
# How many of them are real: they have few names, which would be known by heart; and numbers of living players stand
# before one view for seconds, which would be learnt for what they say.
REAL_EXCERPTS = {"place": 0.12, "primary": 0.12, "pistol": 0.12, "ammunition": 0.12}
OTHERS = 60  # rounds of which something is told beside another's frame
ASIDES = (  # what people type
    "hello", "We lost two, they have an AWP mid.", "They rushed B twice.", "I am the last one alive.", "eco round",
    "Their AWPer holds mid, we have one smoke left.", "What should I do?", "bomb is at A", "I support our AWP.",
    "They always fake A and go B.", "no comms, solo queue", "We won the pistol round.", "two of them are low",
    "I think somebody is in apartments.", "My team wants to save.", "He dropped me an AK.", "full buy", "1v3",
)  # fmt: skip
MIX = 0.6  # of the tiles that are read: how many have groups of different frames
NEIGHBOURS = 64  # examples of advice of about one length, out of which a batch takes its own
IGNORED = -100
GROUP = {group.name: group for group in GROUPS}


def answer(values: dict[str, Any]) -> str:
    """What the model shall write of a tile that shows ``values``."""
    return json.dumps({name: values[name] for name in FIELDS}, ensure_ascii=False)


def state_of_answer(values: dict[str, Any]) -> str:
    """How a whole answer about ``values`` begins: all of its game state. See :func:`_tells_the_state`."""
    planted = _is_planted(values)
    told = {"planted": planted, "side": SIDES[values["hud_color"]], "kind": LIVE}
    state = visible_state({**values, **told, "truth": {"rules": {"phase": "planted" if planted else "live"}}})
    return json.dumps({"game_state": state}, ensure_ascii=False)[:-2]


def _tells_the_state(values: dict[str, Any]) -> bool:
    """Whether the HUD alone decides the game state: whose it is by its colour, and by the clock that it is no start."""
    minutes, _, seconds = (values["clock"] or "").partition(":")
    clear = _is_planted(values) or (seconds and 60 * int(minutes) + int(seconds) > START_S)
    return bool(values["phase"] == "live" and values["hud_color"] in SIDES and clear)


def _is_planted(values: dict[str, Any]) -> bool:
    """Real frames are labelled by the HUD alone: while a round is played, only a planted bomb hides its clock."""
    return bool(values.get("planted", values["clock"] is None))


def _question(text: str) -> list[dict[str, Any]]:
    """The coach's conversation about one tile."""
    content = [{"type": "image"}, {"type": "text", "text": text}]
    return [{"role": "system", "content": system_prompt()}, {"role": "user", "content": content}]


@dataclass(frozen=True)
class Lesson:
    """A tile (224 × 448 × 3, uint8), the characters in its cells, and tokens: those before and those to write."""

    tile: np.ndarray
    letters: dict[tuple[int, int], list[int]]
    prompt: list[int]
    answer: list[int]


class Batches:
    """Lessons in reading, of simulated frames and a share of real ones; for "advise" a third of them in advising."""

    def __init__(self, pool: Path, processor: Any, seed: int, advice: Path | None = None) -> None:
        self.simulated = Pool(pool / "simulated")
        self.real = Pool(pool / "real") if (pool / "real").exists() else None
        self.dice = random.Random(seed)  # noqa: S311 - pictures
        self.looks = Looks(self.dice, self.real.scenes if self.real is not None else ())
        self.processor, self.words = processor, processor.tokenizer
        self.image_token = self.words.convert_tokens_to_ids("<|image_pad|>")
        self.ask = self.prompt([{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": ASK}]}])
        self.questions = [self.prompt(_question(user_prompt()))]
        self.advised: Pool | None = None
        self.examples: list[tuple[int, list[int], list[int]]] = []
        if advice is not None:
            self.advised = Pool(pool / "advice")
            self.examples = self._examples(advice)
            told = [user_prompt(text) for text in (*ASIDES, *self._other_rounds(advice))]
            self.questions += [self.prompt(_question(text)) for text in told]

    def next(self, stage: str) -> list[dict[str, torch.Tensor]]:
        """What one step learns: batches for the model's ``forward``, with ``cells``, what the head shall say.

        First groups alone (for ``excerpts.forward``), last readings; in "advise" advice between them.
        """
        if stage == "see":
            return [self._batch(stage, [self._reading(stage) for _ in range(BATCH)])]
        if stage == "read":
            return [self._excerpts(), self._batch(stage, [self._reading(stage) for _ in range(BATCH)])]
        advised, read = ADVISING
        readings = [self._reading(stage) for _ in range(read)]
        return [self._excerpts(), self._batch(stage, self._advising(advised)), self._batch(stage, readings)]

    def _excerpts(self) -> dict[str, torch.Tensor]:
        """Groups of one kind alone; ``excerpt`` numbers the tile's cells in which they stand."""
        shares = {name: share for name, share in EXCERPT_SHARE.items() if self.simulated.lettered(GROUP[name])}
        name = self.dice.choices(list(shares), list(shares.values()))[0]
        group = GROUP[name]
        numbers, parts, goals, lessons = cells_of(group), [], [], []
        for _ in range(EXCERPTS):
            pool = self.simulated
            if self.real is not None and self.real.lettered(group) and self.dice.random() < REAL_EXCERPTS.get(name, 0):
                pool = self.real
            part, values, letters = pool.excerpt(self.dice, group)
            told = self.written(answer(values))
            lessons.append(excerpt(self.words, self.image_token, self.ask, told, TOLD[name], numbers))
            parts.append(self.looks.part(part, group))
            goals.append(letters)
        return {
            "pixel_values": patches(np.stack(parts)),
            "cells": cell_goals(goals)[:, numbers],
            "excerpt": torch.tensor(numbers),
            **padded(lessons, self.words.pad_token_id),
        }

    def _batch(self, stage: str, lessons: list[Lesson]) -> dict[str, torch.Tensor]:
        batch = {
            "pixel_values": patches(np.stack([self.looks.tile(lesson.tile) for lesson in lessons])),
            "cells": cell_goals([lesson.letters for lesson in lessons]),
        }
        return batch if stage == "see" else batch | self.texts(lessons)

    def prompt(self, messages: list[dict[str, Any]]) -> list[int]:
        """Tokens of a conversation with one tile, up to where the model begins to write."""
        text = self.processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        tokens = self.words(text)["input_ids"]
        place = tokens.index(self.image_token)
        return [*tokens[:place], *[self.image_token] * (CELLS[0] * CELLS[1]), *tokens[place + 1 :]]

    def _reading(self, stage: str) -> Lesson:
        real = self.real is not None and self.dice.random() < REAL_SHARE[stage]
        pool = self.real if real else self.simulated
        assert pool is not None
        tile, values, letters = pool.compose(self.dice, mix=MIX)
        if stage == "advise" and self.dice.random() < STATE_SHARE and _tells_the_state(values):
            begun = self.words(state_of_answer(values))["input_ids"]
            return Lesson(tile, letters, self.dice.choice(self.questions), begun)
        return Lesson(tile, letters, self.ask, self.written(answer(values)))

    def _advising(self, count: int) -> list[Lesson]:
        assert self.advised is not None
        first = self.dice.randrange(max(1, len(self.examples) - NEIGHBOURS))
        lessons = []
        for _ in range(count):
            row, prompt, told = self.dice.choice(self.examples[first : first + NEIGHBOURS])
            tile, _, letters = self.advised.compose(self.dice, mix=0.0, row=row)
            lessons.append(Lesson(tile, letters, prompt, told))
        return lessons

    def _examples(self, folder: Path) -> list[tuple[int, list[int], list[int]]]:
        """Row in the pool, prompt and answer of what is not held out, with the round's context and without, by length:
        a batch is as long as its longest. Attention takes most of a step, so the longest stories are left out.
        """
        assert self.advised is not None
        rows = {line["file"]: row for row, line in enumerate(self.advised.lines)}
        found = []
        ways = ((seed, mode) for seed in range(WORDINGS) for mode in (None, "none"))
        for line, question, told in chain.from_iterable(
            advice_examples(folder, seed, mode=mode) for seed, mode in ways
        ):
            if line["held_out"] or line["file"] not in rows:
                continue
            prompt, words = self.prompt(_question(question)), self.written(told)
            if len(prompt) + len(words) <= LONGEST:
                again = 1 if line.get("options") or line.get("order") else UNKNOWN_AGAIN
                found += [(rows[line["file"]], prompt, words)] * again
        return sorted(found, key=lambda example: len(example[1]) + len(example[2]))

    def _other_rounds(self, folder: Path) -> list[str]:
        """Some lines of what happened in other rounds: whatever is told, the state is what the frame shows."""
        stories = [context_of(line).splitlines() for line in read_lines(folder)[:OTHERS] if not line["held_out"]]
        return ["\n".join(self.dice.sample(story, min(len(story), 4))) for story in stories if story]

    def written(self, text: str) -> list[int]:
        return [*self.words(text)["input_ids"], self.words.eos_token_id]

    def texts(self, lessons: Sequence[Lesson]) -> dict[str, torch.Tensor]:
        longest = max(len(lesson.prompt) + len(lesson.answer) for lesson in lessons)
        ids, labels, mask = [], [], []
        for lesson in lessons:
            length = len(lesson.prompt) + len(lesson.answer)
            pad = longest - length
            ids.append([*lesson.prompt, *lesson.answer, *[self.words.pad_token_id] * pad])
            labels.append([*[IGNORED] * len(lesson.prompt), *lesson.answer, *[IGNORED] * pad])
            mask.append([1] * length + [0] * pad)
        tokens = torch.tensor(ids)
        return {
            "input_ids": tokens,
            "labels": torch.tensor(labels),
            "attention_mask": torch.tensor(mask),
            "mm_token_type_ids": (tokens == self.image_token).long(),
        }


def patches(tiles: np.ndarray) -> torch.Tensor:
    """Tiles (n × 224 × 448 × 3, uint8) as the stock processor lays them out, −1 … 1: a row for each patch of 16 × 16,
    in blocks of 2 × 2, its colours one after the other. (The stock processor has each picture twice, for time.)
    """
    count, height, width, _ = tiles.shape
    x = torch.from_numpy(tiles).permute(0, 3, 1, 2).float() / 127.5 - 1
    x = x.reshape(count, 3, height // 32, 2, 16, width // 32, 2, 16)
    x = x.permute(0, 2, 5, 3, 6, 1, 4, 7)  # n, block row, block column, row, column, colour, y, x
    return x.reshape(count * (height // 16) * (width // 16), -1)


def cell_goals(letters: list[dict[tuple[int, int], list[int]]]) -> torch.Tensor:
    """n × cells × slots numbers of ``ALPHABET``."""
    goals = torch.zeros(len(letters), CELLS[0] * CELLS[1], SLOTS, dtype=torch.long)
    for number, cells in enumerate(letters):
        for (row, column), found in cells.items():
            goals[number, row * CELLS[1] + column, : len(found)] = torch.tensor(found)
    return goals
