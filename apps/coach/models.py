"""What people asked the coach and what it answered."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models


class CoachSession(models.Model):
    """One sitting of one person: the questions asked without a long break between them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coach_sessions")
    started_at = models.DateTimeField(auto_now_add=True)
    last_asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-last_asked_at"]

    def __str__(self) -> str:
        return f"Session {self.pk} of {self.user}"


class AnalysisStatus(models.TextChoices):
    QUEUED = "queued"  # the frame is stored; nobody has asked the model yet
    STREAMING = "streaming"
    COMPLETE = "complete"
    INVALID = "invalid"  # the model ended, but what it wrote is not a valid answer; ``problems`` says why
    CANCELLED = "cancelled"
    FAILED = "failed"  # the model server did not deliver; ``error`` says what happened and what to do


class Analysis(models.Model):
    """One question (up to three frames) and one answer.

    Rows change through ``coach.services.lifecycle`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(CoachSession, on_delete=models.CASCADE, related_name="analyses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="analyses")
    context = models.TextField(blank=True)  # what the person wrote about the round
    moment = models.JSONField(null=True, blank=True)  # {demo_id, round, tick, slot?} when asked from the viewer
    alias = models.CharField(max_length=60, blank=True)  # which configured model was asked for; empty: any
    pair = models.UUIDField(null=True, blank=True, db_index=True)  # the same in both answers of one comparison
    shared = models.BooleanField(default=False)  # every viewer may read it
    rating = models.SmallIntegerField(null=True, blank=True)  # -1 or 1, by the person who asked
    rated_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=16, choices=AnalysisStatus.choices, default=AnalysisStatus.QUEUED)
    answered_by = models.CharField(max_length=60, blank=True)  # the alias that answered
    model_name = models.CharField(max_length=500, blank=True)  # as the server names it
    raw_text = models.TextField(blank=True)  # all the model wrote, valid or not
    answer = models.JSONField(default=dict)  # what could be read of it: whole when complete, else the fields known
    problems = models.JSONField(default=list)  # sentences: why the answer is not valid
    error = models.TextField(blank=True)  # one sentence: why there is no (whole) answer
    first_token_ms = models.PositiveIntegerField(null=True, blank=True)
    total_ms = models.PositiveIntegerField(null=True, blank=True)
    tokens = models.PositiveIntegerField(null=True, blank=True)
    reading = models.JSONField(default=dict)  # of the newest frame's HUD by the embedded model, where another answered
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # since when it stands in line for a model
    heartbeat_at = models.DateTimeField()  # last sign of life of whoever streams it or stands in line

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-created_at"]),
            models.Index(fields=["status", "heartbeat_at"]),  # who is writing or waiting now
        ]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"Analysis {self.pk} ({self.status})"

    @property
    def is_over(self) -> bool:
        return self.status not in (AnalysisStatus.QUEUED, AnalysisStatus.STREAMING)

    @property
    def newest_frame(self) -> "Frame | None":
        """The frame the question is about; None when there is none (any more)."""
        return max(self.frames.all(), key=lambda frame: frame.position, default=None)

    @property
    def image(self) -> str:
        return self.newest_frame.image if self.newest_frame else ""

    @property
    def width(self) -> int:
        return self.newest_frame.width if self.newest_frame else 0

    @property
    def height(self) -> int:
        return self.newest_frame.height if self.newest_frame else 0


class Frame(models.Model):
    """One picture of a question. It is ours (re-encoded JPEG without metadata), never the uploaded bytes."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="frames")
    position = models.PositiveSmallIntegerField()  # 0, 1, 2: oldest first
    image = models.CharField(max_length=200, blank=True)  # name in core.storage; empty once retention removed it
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64, blank=True)  # of the stored JPEG

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["analysis", "position"], name="one-frame-a-position")]

    def __str__(self) -> str:
        return f"Frame {self.position} of {self.analysis_id}"


class CorrectionStatus(models.TextChoices):
    OPEN = "open"  # waits for a reviewer
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Correction(models.Model):
    """What a person says one field of an answer should have been; rows change through ``coach.services.correcting``."""

    analysis = models.ForeignKey(Analysis, on_delete=models.CASCADE, related_name="corrections")
    field = models.CharField(max_length=80)  # "game_state.player_health"
    value = models.JSONField(null=True)  # as the answer schema has it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="coach_corrections")
    created_at = models.DateTimeField()  # of the last time it was corrected
    status = models.CharField(max_length=10, choices=CorrectionStatus.choices, default=CorrectionStatus.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["created_at", "pk"]
        indexes: ClassVar = [models.Index(fields=["status", "created_at"])]
        constraints: ClassVar = [models.UniqueConstraint(fields=["analysis", "field"], name="one-correction-a-field")]

    def __str__(self) -> str:
        return f"{self.field} of {self.analysis_id} ({self.status})"
