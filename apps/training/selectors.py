"""Reads of training: what pages show, and the lineage of models."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from apps.captures.models import Decision, Screenshot
from apps.core.storage import read_bytes
from apps.training.models import Checkpoint, Dataset, DatasetSample, Evaluation, Split, Status, TrainingRun
from apps.training.trainers.hud.evaluation import Measured, ReaderEvaluation, aim, read_evaluation, share

SAMPLES_SHOWN = 24
FAILURES_SHOWN = 40  # frames of one set


def ready_datasets() -> QuerySet[Dataset]:
    return Dataset.objects.filter(status=Status.SUCCEEDED)


def lineage(checkpoint: Checkpoint | None) -> list[Checkpoint]:
    """The checkpoint and those its weights came from, newest first."""
    line: list[Checkpoint] = []
    while checkpoint is not None and checkpoint not in line:
        line.append(checkpoint)
        checkpoint = checkpoint.parent
    return line


def trained_on(checkpoint: Checkpoint | None) -> set[int]:
    """Ids of every frame that any training in the checkpoint's lineage has seen."""
    datasets = {step.run.dataset_id for step in lineage(checkpoint)}
    rows = DatasetSample.objects.filter(dataset__in=datasets, split=Split.TRAIN)
    return set(rows.values_list("screenshot_id", flat=True))


def curves(run: TrainingRun) -> dict[str, list[list[float | None]]]:
    """Every figure of a run as ``name → [[step, value], …]``."""
    lines: dict[str, list[list[float | None]]] = {}
    for step, values in run.metrics.values_list("step", "values"):
        for name, value in values.items():
            lines.setdefault(name, []).append([step, value])
    return lines


def completions(run: TrainingRun) -> list[dict[str, Any]]:
    """The newest sample completions, newest first."""
    rows = run.completions.order_by("-step", "number")[:SAMPLES_SHOWN]
    return [
        {name: getattr(row, name) for name in ("step", "number", "screenshot_id", "text", "rewards")} for row in rows
    ]


def splits_of(dataset: Dataset) -> list[str]:
    """The splits that hold samples, the honest ones first."""
    return [split for split in (Split.VALIDATION, Split.TEST, Split.TRAIN) if dataset.split_counts.get(split)]


def evaluations_of(run: TrainingRun) -> QuerySet[Evaluation]:
    return Evaluation.objects.filter(checkpoint__run=run).select_related("checkpoint", "dataset")


def accepted_count() -> int:
    """Accepted frames there are right now."""
    return Screenshot.objects.filter(label__isnull=False, decision=Decision.ACCEPTED).count()


def predictions(evaluation: Evaluation) -> list[dict[str, Any]]:
    """The first predictions of an evaluation, worst first by exact share."""
    if not evaluation.predictions:
        return []
    rows = [json.loads(line) for line in read_bytes(evaluation.predictions).decode().split("\n") if line]
    for row in rows:
        row["right"] = sum(field["exact"] for field in row["fields"])
        row["wrong"] = [field for field in row["fields"] if field["exact"] < 1]
    return sorted(rows, key=lambda row: row["right"])[:SAMPLES_SHOWN]


def embedded_evaluation() -> ReaderEvaluation | None:
    """What was measured of the embedded model. Raises ``BadEvaluation``."""
    return read_evaluation(Path(settings.EMBEDDED_MODEL_DIR))


def is_measured(evaluation: ReaderEvaluation) -> bool:
    """Whether the figures are those of the weights that lie there now."""
    digest = hashlib.sha256()
    for path in sorted(Path(settings.EMBEDDED_MODEL_DIR).glob("*.safetensors")):
        digest.update(path.read_bytes())
    return digest.hexdigest() == evaluation.weights


def hud_frame(file: str) -> Path | None:
    """Where a frame that an evaluation names lies on this machine; None where it does not."""
    paths = (Path(folder) / Path(file).name for folder in settings.HUD_FRAMES)
    return next((path for path in paths if path.is_file()), None)


def field_rows(evaluation: ReaderEvaluation) -> list[dict[str, Any]]:
    """A row for each field and one for all, with a cell for each set: percent, counts, whether it misses its aim."""
    names = list(dict.fromkeys(name for one in evaluation.sets for name in one.shown))
    apart = list(dict.fromkeys(name for one in evaluation.sets for name in one.apart))
    nothing = (0, 0)
    cells = {name: [_cell(one.shown.get(name, nothing), aim(name)) for one in evaluation.sets] for name in names}
    cells |= {name: [_cell(one.apart.get(name, nothing), aim("")) for one in evaluation.sets] for name in apart}
    cells["all"] = [_cell(one.whole, aim("")) for one in evaluation.sets]
    return [{"name": name.replace("_", " "), "cells": row} for name, row in cells.items()]


def measured_sets(evaluation: ReaderEvaluation) -> list[dict[str, Any]]:
    """What the page shows of each set: its whole, its sizes, and frames that were read wrong, worst first."""
    return [_measured_set(one) for one in evaluation.sets]


def _measured_set(one: Measured) -> dict[str, Any]:
    failures = _failures(one)
    return {
        "name": one.name,
        "frames": one.frames,
        "malformed": one.malformed,
        "whole": _cell(one.whole, aim("")),
        "sizes": [(name, _cell(pair, aim(""))) for name, pair in one.sizes.items()] if len(one.sizes) > 1 else [],
        "failed": len(one.failures()),
        "failures": failures,
        "without_pictures": bool(failures) and not any(failure["here"] for failure in failures),
    }


def _failures(measured: Measured) -> list[dict[str, Any]]:
    rows = list(measured.failures().items())[:FAILURES_SHOWN]
    return [
        {"file": file, "wrong": [_in_words(*one) for one in wrong], "here": hud_frame(file) is not None}
        for file, wrong in rows
    ]


def _in_words(name: str, *values: Any) -> tuple[Any, ...]:
    """A field and its values as the page shows them."""
    words = {"True": "yes", "False": "no"}
    return name.replace("_", " "), *(words.get(str(one), one) for one in values)


def _cell(pair: tuple[int, int], aim_at: float) -> dict[str, Any]:
    part = share(pair)
    percent = "" if part is None else f"{100 * part:.1f}"
    return {"percent": percent, "right": pair[0], "count": pair[1], "misses": part is not None and part < aim_at}
