"""Train the embedded model to read the HUD, from random weights.

    python -m apps.training.trainers.hud.reader --pool POOL --output RUN --stage see|read|advise [--steps 4000]
        [--advice DIR] [--begin-with MODEL]

Three stages. "see": the vision side alone learns which characters stand in which cell of a tile. "read": both sides
learn to write the values as JSON, the cells staying a second goal; its head is thrown away at the end. "advise": a
third of what it writes are whole answers of the coach. Tiles are composed anew for every step. A run that was stopped
goes on from its last state; ``RUN/metrics.jsonl`` says how it goes, ``RUN/final`` is an ordinary model folder.
``--begin-with`` takes a finished model's weights and words instead of random ones, such as those that come along.
"""

import argparse
import json
import math
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - torch's own name

from apps.captures.hud.groups import TILE
from apps.captures.hud.readings import MARKER
from apps.training.trainers.hud import excerpts, reader_model
from apps.training.trainers.hud.batches import Batches
from apps.training.trainers.hud.glyphs import ALPHABET, SLOTS

EMPTY_WEIGHT = 0.15
STAGES = ("see", "read", "advise")
RATES = {"see": 1e-3, "read": 8e-4, "advise": 5e-4}
SAVE_EVERY_S = 240
# Where the processor only imitates half precision, a step takes three times as long as in full precision.
HALVES = any(torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16"))
HEAD_ALONE = 100  # steps in which a new head learns what a finished model's vision tells, before it may change that


class Head(nn.Module):
    """Characters of a cell from its image token: ``SLOTS`` places, left to right."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.inner = nn.Linear(width, width)
        self.outer = nn.Linear(width, SLOTS * len(ALPHABET))

    def forward(self, tokens: torch.Tensor) -> torch.Tensor:
        told: torch.Tensor = self.outer(F.gelu(self.inner(tokens)))
        return told.reshape(*told.shape[:-1], SLOTS, len(ALPHABET))


def cell_loss(told: torch.Tensor, goals: torch.Tensor) -> torch.Tensor:
    loss = F.cross_entropy(told.flatten(0, 2).float(), goals.flatten(), reduction="none")
    weight = torch.where(goals.flatten() > 0, 1.0, EMPTY_WEIGHT)
    return (loss * weight).sum() / weight.sum()


def _processor(folder: Path, begun_with: Path | None) -> Any:
    """The one this run began with: phrases that were added to the project since would shift every token."""
    from transformers import Qwen3VLProcessor

    if not folder.exists():
        if begun_with is None:
            reader_model.processor().save_pretrained(folder)
        else:
            Qwen3VLProcessor.from_pretrained(begun_with, local_files_only=True).save_pretrained(folder)
            shutil.copy(begun_with / MARKER, folder)
    return Qwen3VLProcessor.from_pretrained(folder, local_files_only=True)


class Learner:
    """Model, head, optimiser: everything that a state holds. ``begun_with``: a finished model's folder."""

    def __init__(self, output: Path, stage: str, steps: int, begun_with: Path | None = None) -> None:
        from transformers import Qwen3VLForConditionalGeneration

        torch.manual_seed(0)
        self.begun_with = begun_with
        self.processor = _processor(output / "processor", begun_with)
        before = output / "processor" / MARKER
        self.before: list[dict[str, Any]] = json.loads(before.read_text())["stages"] if before.exists() else []
        self.model = Qwen3VLForConditionalGeneration(reader_model.config(self.processor.tokenizer))
        self.head = Head(self.model.config.text_config.hidden_size)
        # A patch is one step of the convolution, and a picture is its own next one: as one product of matrices the same
        # sum takes a sixth of the time.
        embed = self.model.model.visual.patch_embed
        embed.forward = lambda x: F.linear(x, embed.proj.weight.sum(2).flatten(1), embed.proj.bias)
        self.output, self.stage, self.steps = output, stage, steps
        self.spent, self.step = 0.0, 0
        parts = [self.model.model.visual, self.head] if stage == "see" else [self.model, self.head]
        self.parameters = [parameter for part in parts for parameter in part.parameters()]
        self.optimiser = torch.optim.AdamW(self.parameters, lr=RATES[stage], betas=(0.9, 0.98), weight_decay=0.02)

    def load(self) -> None:
        """Go on from the stage's own state, else begin with what the stage before it learnt."""
        own = self.output / f"{self.stage}.state"
        before = STAGES[max(0, STAGES.index(self.stage) - 1)]
        if own.exists():
            saved = torch.load(own, weights_only=True)
            self.optimiser.load_state_dict(saved["optimiser"])
            self.spent, self.step = saved["spent"], saved["step"]
        elif (self.output / f"{before}.state").exists():
            saved = torch.load(self.output / f"{before}.state", weights_only=True)
        else:
            self._take_over()
            return
        seen_only = not own.exists() and before == "see"  # its words are as random as ours, and may be others
        parts = {name: part for name, part in saved["model"].items() if not seen_only or ".visual." in name}
        self.model.load_state_dict(parts, strict=not seen_only)
        self.head.load_state_dict(saved["head"])

    def _take_over(self) -> None:
        if self.begun_with is None:
            return
        from transformers import Qwen3VLForConditionalGeneration

        finished = Qwen3VLForConditionalGeneration.from_pretrained(
            self.begun_with, local_files_only=True, use_safetensors=True, dtype=torch.float32
        )
        self.model.load_state_dict(finished.state_dict())

    def save(self) -> None:
        state = {
            "model": self.model.state_dict(), "head": self.head.state_dict(), "optimiser": self.optimiser.state_dict(),
            "spent": self.spent, "step": self.step,
        }  # fmt: skip
        part = self.output / f".{self.stage}.part"
        torch.save(state, part)
        part.replace(self.output / f"{self.stage}.state")
        if self.stage != "see":
            self._publish(self.output / "final")

    def _publish(self, folder: Path) -> None:
        """The model folder: weights at half precision, which a server loads as the configuration's float32."""
        halved = {name: value.half() for name, value in self.model.state_dict().items()}
        self.model.save_pretrained(folder, state_dict=halved, safe_serialization=True)
        self.processor.save_pretrained(folder)
        (folder / MARKER).write_text(json.dumps({"tile": TILE, "stages": self._stages()}) + "\n")

    def _stages(self) -> list[dict[str, Any]]:
        """How far each stage has come, by the metrics; first those of the model that it began with."""
        metrics = self.output / "metrics.jsonl"
        lines = [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.exists() else []
        reached = {
            line["stage"]: {"stage": line["stage"], "steps": line["step"], "spent_s": line["spent_s"]} for line in lines
        }
        own = {"stage": self.stage, "steps": self.step, "spent_s": round(self.spent)}
        return [*self.before, *(reached | {self.stage: own}).values()]

    def loss(self, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, dict[str, float]]:
        goals = batch.pop("cells")
        count = goals.shape[0]
        if "excerpt" in batch:
            written, _, seen = excerpts.forward(self.model, batch, batch["excerpt"].tolist())
            return self._with_cells(written, seen, goals)
        grid = torch.tensor([[1, TILE[1] // 16, TILE[0] // 16]] * count)
        if self.stage == "see":
            seen = self.model.model.visual(batch["pixel_values"], grid_thw=grid).pooler_output
            loss = cell_loss(self.head(seen.reshape(count, -1, seen.shape[-1])), goals)
            return loss, {"cells": loss.item()}
        heard: list[torch.Tensor] = []
        hook = self.model.model.visual.register_forward_hook(lambda _, __, out: heard.append(out.pooler_output))
        try:
            out = self.model(**batch, image_grid_thw=grid)
        finally:
            hook.remove()
        return self._with_cells(out.loss, heard[0].reshape(count, -1, heard[0].shape[-1]), goals)

    def _with_cells(
        self, written: torch.Tensor, seen: torch.Tensor, goals: torch.Tensor
    ) -> tuple[torch.Tensor, dict[str, float]]:
        if self.before and self.step < HEAD_ALONE:
            seen = seen.detach()
        cells = cell_loss(self.head(seen), goals)
        return written + cells, {"text": written.item(), "cells": cells.item()}

    def learn(self, batches: Batches) -> None:
        saved = begun = time.monotonic()
        already = self.spent
        ahead = ThreadPoolExecutor(1)
        coming = ahead.submit(batches.next, self.stage)
        while self.step < self.steps:
            share = self.step / self.steps
            rate = (
                RATES[self.stage]
                * min(1.0, (self.step + 1) / 100)
                * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * share)))
            )
            for group in self.optimiser.param_groups:
                group["lr"] = rate
            parts = coming.result()
            coming = ahead.submit(batches.next, self.stage)
            self.optimiser.zero_grad()
            losses = []
            for part in parts:
                with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALVES):
                    loss, told = self.loss(part)
                (loss / len(parts)).backward()  # type: ignore[no-untyped-call]
                losses.append(told)
            nn.utils.clip_grad_norm_(self.parameters, 1.0)
            self.optimiser.step()
            self.step += 1
            self.spent = already + time.monotonic() - begun
            if self.step % 25 == 0 or self.step == self.steps:
                line = {
                    "stage": self.stage,
                    "step": self.step,
                    "spent_s": round(self.spent),
                    "rate": rate,
                    **{f"excerpt_{name}": value for name, value in losses[0].items() if len(losses) > 1},
                    **({"advice": losses[1]["text"]} if len(losses) > 2 else {}),
                    **losses[-1],
                }
                with (self.output / "metrics.jsonl").open("a") as out:
                    out.write(json.dumps(line) + "\n")
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
            if time.monotonic() - saved > SAVE_EVERY_S:
                self.save()
                saved = time.monotonic()
        ahead.shutdown()
        self.save()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pool", type=Path, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--advice", type=Path, help="samples of advice; for that stage")
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument("--begin-with", type=Path, metavar="MODEL")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    learner = Learner(options.output, options.stage, options.steps, options.begin_with)
    learner.load()
    advice = options.advice if options.stage == "advise" else None
    learner.learn(Batches(options.pool, learner.processor, learner.step, advice))
    return 0


if __name__ == "__main__":
    sys.exit(main())
