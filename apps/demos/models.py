"""Recordings and what they hold: who played and which rounds. The tick-by-tick tables lie in storage as Parquet."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from apps.core.models import Job


class DemoStatus(models.TextChoices):
    QUEUED = "queued"  # stored, the import has not begun
    IMPORTING = "importing"  # a worker reads it (or did, and was stopped: the job says which)
    READY = "ready"


class Side(models.TextChoices):
    CT = "CT", "Counter-terrorists"
    T = "T", "Terrorists"


class Demo(models.Model):
    """One recording, known by the SHA-256 of its content; the file name is only what somebody called it.

    Rows appear, change state and go through ``demos.services`` alone. A recording that cannot be imported leaves no
    row: its job keeps the sentence.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    original_name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()  # bytes
    recording = models.CharField(max_length=200)  # name in core.storage
    status = models.CharField(max_length=16, choices=DemoStatus.choices, default=DemoStatus.QUEUED, db_index=True)
    warnings = models.JSONField(default=list, blank=True)  # sentences: what was lost, and why
    map_name = models.CharField(max_length=100, blank=True)
    server_name = models.CharField(max_length=255, blank=True)
    recorded_by = models.CharField(max_length=255, blank=True)  # the client that wrote it: a player, or the TV relay
    build_number = models.PositiveIntegerField(null=True, blank=True)  # of the game that wrote it
    tick_rate = models.FloatField(default=64.0)  # ticks per second
    first_tick = models.IntegerField(default=0)
    last_tick = models.IntegerField(default=0)
    has_positions = models.BooleanField(default=False)  # player states could be decoded: replay and captures work
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="demos"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True, db_index=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="demos")

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.original_name

    def get_absolute_url(self) -> str:
        return reverse("demos:demo", args=[self.pk])

    @property
    def is_ready(self) -> bool:
        return self.status == DemoStatus.READY

    @property
    def length_s(self) -> float:
        """Recorded time in seconds."""
        return (self.last_tick - self.first_tick) / self.tick_rate if self.tick_rate else 0.0


class Round(models.Model):
    """One round, ticks inclusive; scores are those before it, by side."""

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveSmallIntegerField()  # 1-based
    start_tick = models.IntegerField()
    freeze_end_tick = models.IntegerField(null=True, blank=True)
    end_tick = models.IntegerField()
    is_partial = models.BooleanField(default=False)  # its start or its end was not recorded
    winner_side = models.CharField(max_length=2, choices=Side.choices, blank=True)
    end_reason = models.CharField(max_length=60, blank=True)
    score_ct = models.PositiveSmallIntegerField(default=0)
    score_t = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["demo_id", "number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "number"], name="one_round_per_number")]

    def __str__(self) -> str:
        return f"Round {self.number}"


class Player(models.Model):
    """Somebody who played. ``slot`` is the key within a recording: bots all have steamid 0, names may change."""

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="players")
    slot = models.PositiveSmallIntegerField()  # userinfo slot = controller entity index − 1
    steamid = models.PositiveBigIntegerField(default=0)
    name = models.CharField(max_length=150, blank=True)
    is_bot = models.BooleanField(default=False)
    first_side = models.CharField(max_length=2, choices=Side.choices)

    class Meta:
        ordering: ClassVar = ["demo_id", "slot"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "slot"], name="one_player_per_slot")]

    def __str__(self) -> str:
        return self.name or f"Player {self.slot}"
