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
    """One frame and one answer.

    Rows change through ``coach.services.lifecycle`` alone. The image is ours (re-encoded JPEG without metadata),
    never the uploaded bytes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(CoachSession, on_delete=models.CASCADE, related_name="analyses")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="analyses")
    image = models.CharField(max_length=200)  # name in core.storage
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    context = models.TextField(blank=True)  # what the person wrote about the round
    status = models.CharField(max_length=16, choices=AnalysisStatus.choices, default=AnalysisStatus.QUEUED)
    model_name = models.CharField(max_length=500, blank=True)  # as the server names it
    raw_text = models.TextField(blank=True)  # all the model wrote, valid or not
    answer = models.JSONField(default=dict)  # what could be read of it: whole when complete, else the fields known
    problems = models.JSONField(default=list)  # sentences: why the answer is not valid
    error = models.TextField(blank=True)  # one sentence: why there is no (whole) answer
    first_token_ms = models.PositiveIntegerField(null=True, blank=True)
    total_ms = models.PositiveIntegerField(null=True, blank=True)
    tokens = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField()  # last sign of life of whoever streams it

    class Meta:
        ordering: ClassVar = ["-created_at"]
        indexes: ClassVar = [models.Index(fields=["user", "-created_at"])]
        verbose_name_plural = "analyses"

    def __str__(self) -> str:
        return f"Analysis {self.pk} ({self.status})"

    @property
    def is_over(self) -> bool:
        return self.status not in (AnalysisStatus.QUEUED, AnalysisStatus.STREAMING)
