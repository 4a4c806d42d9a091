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
from PIL import Image, ImageDraw

from apps.captures.hud.groups import GROUPS, TILE
from apps.captures.hud.placing import shaded
from apps.captures.hud.readings import ASK, FIELDS, SIDES
from apps.training.datasets.prompt import system_prompt, user_prompt
from apps.training.trainers.hud.advice_examples import advice_examples
from apps.training.trainers.hud.advice_samples import LIVE, context_of, read_lines, visible_state
from apps.training.trainers.hud.glyphs import SLOTS
from apps.training.trainers.hud.pool import SCENE, Pool

CELLS = (TILE[1] // 32, TILE[0] // 32)
BATCH = 16
ADVISED = 6  # of a batch in "advise"
LONGEST = 640  # tokens of an example of advice
WORDINGS = 3  # of each advice
UNKNOWN_AGAIN = 3  # times that a frame is shown which tells too little: they are few, and answered in another shape
# How often a group stands before a glaring wall, and how often cables, beams or other walls, and how often pieces of
# real views are put behind its words.
GLARE, WIRED, SET = {"place": 0.3}, {"place": 0.35, "alive": 0.35}, {"place": 0.5, "alive": 0.25}
GLARE_ELSE, WIRED_ELSE, SET_ELSE = 0.08, 0.1, 0.1
THICK = (1, 2, 2, 3, 4, 5, 7, 20, 60, 200)  # pixels of a tile
STATE_SHARE = 0.5  # of the readings in "advise": how many are the beginning of an advice
START_S = 20  # the longest time before a round
REAL_SHARE = {"see": 0.15, "read": 0.2, "advise": 0.3}
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
_LEVELS = np.arange(256, dtype=np.float32)


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
        self.scenes = self.real.scenes if self.real is not None else ()
        self.dice = random.Random(seed)  # noqa: S311 - pictures
        self.grain = np.random.default_rng(seed).normal(0, 1, (2 * TILE[1], 2 * TILE[0])).astype(np.float32)
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
        """What one step learns: a batch for the model's ``forward`` with ``cells``, what the head shall say.

        In "advise" one of advice and one of readings, since an advice is three times as long.
        """
        if stage != "advise":
            return [self._batch(stage, [self._reading(stage) for _ in range(BATCH)])]
        readings = [self._reading(stage) for _ in range(BATCH - ADVISED)]
        return [self._batch(stage, self._advising(ADVISED)), self._batch(stage, readings)]

    def _batch(self, stage: str, lessons: list[Lesson]) -> dict[str, torch.Tensor]:
        batch = {
            "pixel_values": patches(np.stack([self.altered(lesson.tile) for lesson in lessons])),
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

    def altered(self, tile: np.ndarray) -> np.ndarray:
        """In other light, with grain, parts of it before a glaring wall."""
        dice, tile = self.dice, tile.copy()
        for group in GROUPS:
            (left, top), (width, height) = group.at, group.size
            part = tile[top : top + height, left : left + width]
            if height <= SCENE[1] and len(self.scenes) and dice.random() < SET.get(group.name, SET_ELSE):
                part[:] = set_before(part, self.scenes[dice.randrange(len(self.scenes))], dice)
            if dice.random() < WIRED.get(group.name, WIRED_ELSE):
                part[:] = wired(part, dice)
            if dice.random() < GLARE.get(group.name, GLARE_ELSE):
                part[:] = (255 - (255 - _LEVELS) * dice.uniform(0.15, 0.6)).astype(np.uint8)[part]
        contrast, light, lift = dice.uniform(0.8, 1.2), dice.uniform(0.75, 1.25), dice.uniform(-12, 12)
        changed = np.empty_like(tile)
        for colour in range(3):
            curve = ((_LEVELS - 128) * contrast + 128) * light * dice.uniform(0.95, 1.05) + lift
            changed[..., colour] = curve.clip(0, 255).astype(np.uint8)[tile[..., colour]]
        if dice.random() < 0.4:
            rows, columns = dice.randrange(self.grain.shape[0] - TILE[1]), dice.randrange(self.grain.shape[1] - TILE[0])
            grain = self.grain[rows : rows + TILE[1], columns : columns + TILE[0], None] * dice.uniform(1, 8)
            changed = (changed + grain).clip(0, 255).astype(np.uint8)
        for group in GROUPS:
            if group.shaded:  # as ``pack`` does
                (left, top), (width, height) = group.at, group.size
                part = changed[top : top + height, left : left + width]
                part[:] = shaded(part)
        return changed

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


def wired(part: np.ndarray, dice: random.Random) -> np.ndarray:
    """``part`` (height × width × 3, uint8) with lines and beams behind its words, lighter or darker than it is."""
    height, width, _ = part.shape
    lines = Image.new("L", (width, height))
    for _ in range(dice.choice((1, 1, 2, 4, 12))):
        ends = (dice.uniform(-0.2, 1.2) * width, 0, dice.uniform(-0.2, 1.2) * width, height)
        across = (0, dice.uniform(0, 1) * height, width, dice.uniform(0, 1) * height)
        ImageDraw.Draw(lines).line(dice.choice((ends, across)), fill=dice.randint(120, 255), width=dice.choice(THICK))
    covered = np.asarray(lines, np.float32)[..., None] / 255
    shade = dice.choice((dice.uniform(0, 60), dice.uniform(0, 255), dice.uniform(170, 255)))
    other = np.array([shade + dice.uniform(-35, 35) for _ in range(3)], np.float32).clip(0, 255)
    return before(part, other, covered)


def set_before(part: np.ndarray, scene: np.ndarray, dice: random.Random) -> np.ndarray:
    """``part`` with a place in ``scene`` (both height × width × 3, uint8, the latter no smaller) behind its words."""
    height, width, _ = part.shape
    top, left = dice.randint(0, scene.shape[0] - height), dice.randint(0, scene.shape[1] - width)
    other = scene[top : top + height, left : left + width].astype(np.float32)
    light, lift = dice.uniform(0.6, 1.6), dice.choice((0, 0, dice.uniform(-30, 90)))
    return before(part, (other * light + lift).clip(0, 255), dice.choice((1.0, 1.0, dice.uniform(0.5, 1.0))))


def before(part: np.ndarray, other: np.ndarray, share: np.ndarray | float) -> np.ndarray:
    """``part`` with its words before ``other`` (0 … 255) to that ``share``, and before what they stood before else.

    The game's words shine: they are seen as w + b (1 − w) before a ground b (0 … 1), so w follows from the ground, for
    which the part's median is taken, and the words can be put before another one.
    """
    ground = np.median(part, axis=(0, 1)).astype(np.float32)
    word = ((part - ground) / np.maximum(255 - ground, 1)).clip(0, 1)
    changed = part + share * (other - ground) * (1 - word)
    return np.asarray(changed.clip(0, 255), np.uint8)


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
