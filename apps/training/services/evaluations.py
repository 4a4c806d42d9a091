"""Create evaluations and take over what the evaluating child found."""

import json
from pathlib import Path
from uuid import UUID

from apps.core.models import User
from apps.core.storage import put_file
from apps.training import selectors
from apps.training.models import Checkpoint, Dataset, Evaluation, Status
from apps.training.services.transitions import move


def create(
    *, checkpoint: Checkpoint | None, dataset: Dataset, split: str, user: User | None, key: UUID
) -> tuple[Evaluation, bool]:
    """A new evaluation, not started; the existing row when ``key`` was used before."""
    return Evaluation.objects.get_or_create(
        key=key, defaults={"checkpoint": checkpoint, "dataset": dataset, "split": split, "created_by": user}
    )


def take_over(evaluation: Evaluation, output: Path) -> str:
    """Store the predictions and the figures of ``output``; returns the closing sentence."""
    result = json.loads((output / "result.json").read_text())
    name = put_file(f"evaluations/{evaluation.pk}/predictions.jsonl", output / "predictions.jsonl")
    asked = set(evaluation.dataset.samples.filter(split=evaluation.split).values_list("screenshot_id", flat=True))
    seen = len(asked & selectors.trained_on(evaluation.checkpoint))
    message = f"{result['samples']} frames answered."
    if seen:
        message += f" The model was trained on {seen} of them: this is memory, not skill."
    move(
        evaluation,
        Status.SUCCEEDED,
        message=message,
        sample_count=result["samples"],
        seen_count=seen,
        gate_rate=result["gate_rate"],
        exact=result["exact"],
        tolerant=result["tolerant"],
        fields=result["fields"],
        predictions=name,
    )
    return message
