"""People and the job ledger: the rows every other app builds on."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person. Roles are groups: see ``core.roles``."""


class JobStatus(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"  # expected: bad input, a full disk; ``message`` says what to do
    ERRORED = "errored"  # unexpected: a defect or a dead worker; the log has the rest
    CANCELLED = "cancelled"


UNDER_WAY = (JobStatus.QUEUED, JobStatus.RUNNING)


class Job(models.Model):
    """One long piece of work and the truth about it.

    RQ only carries the id; this row holds who asked, how far it is and how it ended. Rows change through
    ``core.services.ledger`` alone, which moves them by conditional updates.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    function = models.CharField(max_length=200)  # dotted path of the @job function
    arguments = models.JSONField(default=dict)  # keyword arguments: ids and plain values only
    title = models.CharField(max_length=200)
    queue = models.CharField(max_length=32)
    timeout_s = models.PositiveIntegerField()
    retry_safe = models.BooleanField(default=False)
    attempt = models.PositiveIntegerField(default=0)
    status = models.CharField(max_length=16, choices=JobStatus.choices, default=JobStatus.QUEUED, db_index=True)
    progress = models.FloatField(default=0.0)  # 0..1
    message = models.TextField(blank=True)  # one sentence for people
    log_tail = models.TextField(blank=True)  # the last lines, for the curious
    cancel_requested = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="jobs"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.title} ({self.status})"

    @property
    def is_over(self) -> bool:
        return self.status not in UNDER_WAY


class ApiToken(models.Model):
    """A key to the REST API that acts as its person; the database knows only its SHA-256."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)  # what its person uses it for
    prefix = models.CharField(max_length=16)  # the first letters, so that people tell theirs apart
    sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)  # empty: it holds until it is revoked

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"
