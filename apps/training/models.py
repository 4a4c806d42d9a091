"""Datasets, runs, checkpoints, evaluations: the lineage from accepted frames to a model and what it can do.

Rows change through ``training.services`` alone.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models

from apps.captures.models import Screenshot
from apps.core.models import Job


class Status(models.TextChoices):
    """Of everything here that a job makes; the legal moves are in ``services.transitions``."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    STOPPED = "stopped"  # by a person; what had been stored is kept
    FAILED = "failed"  # expected: ``message`` says what to do
    ERRORED = "errored"  # unexpected: the trainer or its worker died


OVER = (Status.SUCCEEDED, Status.STOPPED, Status.FAILED, Status.ERRORED)


class Split(models.TextChoices):
    TRAIN = "train", "train"
    VALIDATION = "val", "validation"
    TEST = "test", "test"


class Method(models.TextChoices):
    SFT = "sft", "SFT"
    GRPO = "grpo", "GRPO"


class Work(models.Model):
    """What rows made by a job have in common."""

    # Comes from the form, so that a second click finds the first one's row instead of making another.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED, db_index=True)
    message = models.TextField(blank=True)  # one sentence for people
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        abstract = True

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def sentence(self) -> str:
        """What to tell people about it now."""
        return self.message or (self.job.message if self.job else "")


class Dataset(Work):
    """One frozen version of a named dataset: a manifest that never changes once it is there."""

    name = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    filters = models.JSONField(default=dict)  # what was asked for
    manifest = models.CharField(max_length=200, blank=True)  # name in core.storage; JSONL
    sha256 = models.CharField(max_length=64, blank=True)  # of the manifest
    sample_count = models.PositiveIntegerField(default=0)
    split_counts = models.JSONField(default=dict)  # train | val | test → samples
    balance = models.JSONField(default=dict)  # side, map, phase … → value → samples
    warnings = models.JSONField(default=list)  # sentences

    class Meta:
        ordering: ClassVar = ["-created_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "version"], name="one_dataset_per_version")]

    def __str__(self) -> str:
        return f"{self.name} v{self.version}"


class DatasetSample(models.Model):
    """Which frame is in which dataset, and where: the way back from a wrong label to the models that learnt it."""

    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="samples")
    screenshot = models.ForeignKey(Screenshot, on_delete=models.PROTECT, related_name="dataset_samples")
    split = models.CharField(max_length=8, choices=Split.choices)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dataset", "screenshot"], name="one_place_per_frame_and_dataset")
        ]

    def __str__(self) -> str:
        return f"frame {self.screenshot_id} in {self.dataset_id} ({self.split})"


class TrainingRun(Work):
    """One training: method, data, start model, hyper-parameters; its curves and checkpoints hang on it."""

    method = models.CharField(max_length=8, choices=Method.choices)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="runs")
    start = models.ForeignKey(  # null: the embedded model
        "Checkpoint", null=True, blank=True, on_delete=models.PROTECT, related_name="continued_by"
    )
    preset = models.CharField(max_length=40, blank=True)  # of the reward; GRPO only
    parameters = models.JSONField(default=dict)  # trainers.config.RunConfig's hyper-parameters, validated
    step = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "run"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"Run {self.pk}: {self.get_method_display()} on {self.dataset}"

    @property
    def steps(self) -> int:
        return int(self.parameters.get("steps", 0))


class RunMetric(models.Model):
    """What the trainer reported at one step."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="metrics")
    step = models.PositiveIntegerField()
    values = models.JSONField()  # name → number or null

    class Meta:
        ordering: ClassVar = ["step"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "step"], name="one_metric_per_step")]

    def __str__(self) -> str:
        return f"run {self.run_id}, step {self.step}"


class RunCompletion(models.Model):
    """Something the model wrote during a run, with the frame it was shown and the reward it got."""

    run = models.ForeignKey(TrainingRun, on_delete=models.CASCADE, related_name="completions")
    step = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField()  # within the step
    screenshot = models.ForeignKey(Screenshot, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    rewards = models.JSONField(default=dict)  # signal → value or null

    class Meta:
        ordering: ClassVar = ["step", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "step", "number"], name="one_completion_per_number")
        ]

    def __str__(self) -> str:
        return f"run {self.run_id}, step {self.step}, completion {self.number}"


class Checkpoint(models.Model):
    """A model folder in core.storage: safetensors, configuration, processor."""

    run = models.ForeignKey(TrainingRun, on_delete=models.PROTECT, related_name="checkpoints")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    step = models.PositiveIntegerField()
    folder = models.CharField(max_length=200)  # prefix of its files in core.storage
    sha256 = models.CharField(max_length=64)  # of the weights
    size = models.PositiveBigIntegerField(default=0)  # bytes
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-step"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["run", "step"], name="one_checkpoint_per_step")]

    def __str__(self) -> str:
        return f"Run {self.run_id}, step {self.step}"


class Evaluation(Work):
    """One greedy answer per frame of a split, scored field by field."""

    checkpoint = models.ForeignKey(  # null: the embedded model
        Checkpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="evaluations"
    )
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="evaluations")
    split = models.CharField(max_length=8, choices=Split.choices, default=Split.VALIDATION)
    sample_count = models.PositiveIntegerField(default=0)
    seen_count = models.PositiveIntegerField(default=0)  # frames the model was trained on
    gate_rate = models.FloatField(null=True, blank=True)  # 0..1
    exact = models.FloatField(null=True, blank=True)  # share of all labelled fields, 0..1
    tolerant = models.FloatField(null=True, blank=True)
    fields = models.JSONField(default=dict)  # field → {"count", "exact", "tolerant"}
    predictions = models.CharField(max_length=200, blank=True)  # name in core.storage; JSONL

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.checkpoint or 'Embedded model'} on {self.dataset} ({self.split})"
