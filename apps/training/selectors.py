"""Reads of training: what pages show, and the lineage of models."""

import json
from typing import Any

from django.db.models import QuerySet

from apps.captures.models import Decision, Screenshot
from apps.core.storage import read_bytes
from apps.training.models import Checkpoint, Dataset, DatasetSample, Evaluation, Split, Status, TrainingRun

SAMPLES_SHOWN = 24


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
