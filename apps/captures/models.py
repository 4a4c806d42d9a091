"""Plans, their targets, and what comes of them: a verified frame, its engine label, and what reviewers said of it.

Rows change through ``captures.services`` alone. Players and rounds are written down by slot, name and number, not by
foreign key: importing a recording again must not take the frames made from it away.
"""

from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from apps.core.models import Job
from apps.demos.models import Demo, Side


class PovRule(models.TextChoices):
    ONE_EACH = "one-each", "One terrorist and one counter-terrorist per tick"
    ONLY_T = "only-t", "One terrorist per tick"
    ONLY_CT = "only-ct", "One counter-terrorist per tick"
    EVERYONE = "everyone", "Every player alive"


class TargetStatus(models.TextChoices):
    PLANNED = "planned"
    RUNNING = "running"
    VERIFIED = "verified"
    FAILED = "failed"


class Decision(models.TextChoices):
    NONE = "", "Not reviewed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class CapturePlan(models.Model):
    """Which moments of one recording to photograph, through whose eyes."""

    demo = models.ForeignKey(Demo, on_delete=models.PROTECT, related_name="capture_plans")
    title = models.CharField(max_length=200)
    interval_s = models.FloatField(default=3.0, validators=[MinValueValidator(0.125), MaxValueValidator(600)])
    pov_rule = models.CharField(max_length=16, choices=PovRule.choices, default=PovRule.ONE_EACH)
    budget = models.PositiveIntegerField(default=200, validators=[MinValueValidator(1)])  # most frames
    hud_profile = models.CharField(max_length=40, default="simulated")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="capture_plans"
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="capture_plans")
    reading_job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("captures:plan", args=[self.pk])


class CaptureTarget(models.Model):
    """One frame to take: a tick and a player."""

    plan = models.ForeignKey(CapturePlan, on_delete=models.CASCADE, related_name="targets")
    tick = models.IntegerField()  # demo tick
    round_number = models.PositiveSmallIntegerField()
    slot = models.PositiveSmallIntegerField()
    steamid = models.PositiveBigIntegerField(default=0)  # 0 for bots
    player_name = models.CharField(max_length=150, blank=True)
    side = models.CharField(max_length=2, choices=Side.choices)  # at that tick
    why = models.CharField(max_length=24)  # sample, first kill, plant, after plant
    status = models.CharField(max_length=12, choices=TargetStatus.choices, default=TargetStatus.PLANNED, db_index=True)
    reason = models.TextField(blank=True)  # why it failed, a sentence
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["plan_id", "tick", "slot"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["plan", "tick", "slot"], name="one_target_per_tick_and_player")
        ]

    def __str__(self) -> str:
        return f"tick {self.tick}, {self.player_name}"


class Screenshot(models.Model):
    """A verified frame. ``decision`` is the newest review; ``version`` counts reviews and undos (optimistic lock)."""

    target = models.OneToOneField(CaptureTarget, on_delete=models.PROTECT, related_name="screenshot")
    tick = models.IntegerField()  # the tick the frame shows, as the game measured it: a little beside the target's
    image = models.CharField(max_length=100)  # name in core.storage: frames/<sha256>.jpg
    sha256 = models.CharField(max_length=64, db_index=True)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    hud_profile = models.CharField(max_length=40)
    measured = models.JSONField(default=dict)  # eye position (units) and view angles (degrees) the game reported
    position_error = models.FloatField()  # units
    angle_error = models.FloatField()  # degrees
    taken_at = models.DateTimeField(auto_now_add=True)
    decision = models.CharField(
        max_length=10, choices=Decision.choices, default=Decision.NONE, blank=True, db_index=True
    )
    version = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return f"Frame {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("captures:review-frame", args=[self.pk])


class Label(models.Model):
    """Engine truth about one frame, and what the round knew and did. Never edited: a correction is a new schema."""

    screenshot = models.OneToOneField(Screenshot, on_delete=models.CASCADE, related_name="label")
    schema_version = models.PositiveSmallIntegerField()
    data = models.JSONField()  # answer.schema.json → game_state
    observability = models.JSONField(default=dict)  # field → hud | hud-soft | context | geometry
    context = models.TextField(blank=True)  # c_t: what happened up to the tick
    behavior = models.JSONField(null=True, blank=True)  # answer.schema.json → advice.behavior; null: cannot be told
    contribution = models.FloatField(null=True, blank=True)  # φ in 0..1; null: cannot be told
    round_won = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Label of frame {self.screenshot_id}"


class Reading(models.Model):
    """What the embedded model read on a frame's HUD, beside the label: a second proof and a hint, never a verdict.

    Money that just rolls or a value behind an effect may be read otherwise; only a reviewer decides.
    """

    screenshot = models.OneToOneField(Screenshot, on_delete=models.CASCADE, related_name="reading")
    values = models.JSONField(default=dict)  # captures.hud.readings.FIELDS → value; empty where nothing was read
    state = models.JSONField(default=dict)  # the same in names of answer.schema.json → game_state, what is known of it
    differing = models.JSONField(default=list)  # names in ``state`` of which the label says something else
    compared = models.PositiveSmallIntegerField(default=0)  # fields that both know
    differs = models.BooleanField(default=False, db_index=True)
    problem = models.TextField(blank=True)  # why there are no values, a sentence
    read_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"Reading of frame {self.screenshot_id}"

    @property
    def differing_words(self) -> str:
        return ", ".join(name.removeprefix("player_").replace("_", " ") for name in self.differing)


class Review(models.Model):
    """One decision of one person; rows are only added, an undo marks the row."""

    screenshot = models.ForeignKey(Screenshot, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="frame_reviews"
    )
    decision = models.CharField(max_length=10, choices=[(d.value, d.label) for d in Decision if d.value])
    reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField()  # of the screenshot, after this decision
    created_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["screenshot", "version"], name="one_review_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.decision} by {self.reviewer_id}"
