"""Recordings and what they hold: who played and which rounds. The tick-by-tick tables lie in storage as Parquet."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse

from apps.core.models import Job


class DemoStatus(models.TextChoices):
    QUEUED = "queued"  # stored, the import has not begun
    IMPORTING = "importing"  # a worker reads it (or did, and was stopped: the job says which)
    READY = "ready"


class DemoSource(models.TextChoices):
    """Which way a recording came in."""

    UPLOAD = "upload", "Upload"
    API = "api", "API"
    COMMAND = "command", "Command line"
    FOLDER = "folder", "Watched folder"
    SAMPLE = "sample", "Sample match"


class Side(models.TextChoices):
    CT = "CT", "Counter-terrorists"
    T = "T", "Terrorists"


class Event(models.Model):
    """A tournament or league that recordings are grouped under."""

    name = models.CharField(max_length=150)
    key = models.CharField(max_length=150, unique=True)  # the name as compared, see parsing.naming.key

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """A team by its name, over many recordings."""

    name = models.CharField(max_length=150)
    key = models.CharField(max_length=150, unique=True)  # the name as compared: "NAVI" and "Navi" are one team

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    name = models.CharField(max_length=50, unique=True)  # lower case

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Demo(models.Model):
    """One recording, known by the SHA-256 of its content; the file name is only what somebody called it.

    Rows appear, change state and go through ``demos.services`` alone. A recording that cannot be imported leaves no
    row: its job keeps the sentence.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    original_name = models.CharField(max_length=255)
    found_in = models.CharField(max_length=255, blank=True)  # the archive it came in, whose name may tell the event
    size = models.PositiveBigIntegerField()  # bytes
    recording = models.CharField(max_length=200, blank=True)  # name in core.storage; empty once it was deleted
    recording_deleted_at = models.DateTimeField(null=True, blank=True)  # the file; what was read from it stays
    source = models.CharField(max_length=10, choices=DemoSource.choices, default=DemoSource.UPLOAD, db_index=True)
    status = models.CharField(max_length=16, choices=DemoStatus.choices, default=DemoStatus.QUEUED, db_index=True)
    has_preview = models.BooleanField(default=False)  # while importing: the first round can be watched already
    keep_raw = models.BooleanField(default=False)  # asked for: every tick of the player states, not 16 a second
    warnings = models.JSONField(default=list, blank=True)  # sentences: what was lost, and why
    missing_after_tick = models.IntegerField(null=True, blank=True)  # the recording was cut off there
    map_name = models.CharField(max_length=100, blank=True, db_index=True)
    server_name = models.CharField(max_length=255, blank=True)
    recorded_by = models.CharField(max_length=255, blank=True)  # the client that wrote it: a player, or the TV relay
    build_number = models.PositiveIntegerField(null=True, blank=True)  # of the game that wrote it
    tick_rate = models.FloatField(default=64.0)  # ticks per second
    first_tick = models.IntegerField(default=0)
    last_tick = models.IntegerField(default=0)
    has_positions = models.BooleanField(default=False)  # player states could be decoded: replay and captures work
    # counted once, for the library's list
    round_count = models.PositiveSmallIntegerField(default=0)  # rounds that count, partial ones included
    partial_count = models.PositiveSmallIntegerField(default=0)
    uncounted_count = models.PositiveSmallIntegerField(default=0)
    player_count = models.PositiveSmallIntegerField(default=0)
    platform = models.CharField(max_length=30, blank=True, db_index=True)  # "faceit", "hltv" … by name and server
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="demos")
    played_at = models.DateTimeField(null=True, blank=True, db_index=True)  # where the name says it, or a person
    tags = models.ManyToManyField(Tag, blank=True, related_name="demos")
    notes = models.TextField(blank=True)
    typed = models.JSONField(default=list, blank=True)  # which of event, played_at, team0, team1 a person settled
    search_text = models.TextField(blank=True, editable=False)  # lower case: everything the library's search looks in
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
    def has_result(self) -> bool:
        """Whether there is anything to tell of its teams: 0 : 0 of two without a name would only look like a result."""
        return any(entry.team_id or entry.clan_name or entry.score for entry in self.teams.all())

    @property
    def length_s(self) -> float:
        """Recorded time in seconds."""
        return (self.last_tick - self.first_tick) / self.tick_rate if self.tick_rate else 0.0


class DemoTeam(models.Model):
    """One of the two teams of a recording. ``roster`` 0 began as counter-terrorists in what was recorded, 1 as T."""

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="teams")
    roster = models.PositiveSmallIntegerField()
    clan_name = models.CharField(max_length=150, blank=True)  # as the recording has it
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="appearances")
    score = models.PositiveSmallIntegerField(default=0)  # the start score and the rounds won of those that count
    start_score = models.PositiveSmallIntegerField(default=0)  # when the first round that counts began

    class Meta:
        ordering: ClassVar = ["demo_id", "roster"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "roster"], name="one_team_per_roster")]

    def __str__(self) -> str:
        return self.clan_name or f"Team {self.roster + 1}"


class NotCounted(models.TextChoices):
    """Why a stretch that looks like a round is none of the match."""

    WARMUP = "warmup", "warm-up"
    KNIFE = "knife", "knife round"
    RESTARTED = "restarted", "the match was restarted"
    RESTORED = "restored", "a backup was restored"
    EXCLUDED = "excluded", "excluded by hand"


class Round(models.Model):
    """One stretch of play that looks like a round, ticks inclusive; ``number`` is null where it does not count.

    ``ordinal`` and ``start_tick`` say where it lies in the recording and never change. ``number``, scores and
    ``not_counted`` follow from what the parser found and what people decided, see ``services.recounting``.
    """

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="rounds")
    ordinal = models.PositiveSmallIntegerField()  # 1-based among all stretches of the recording
    number = models.PositiveSmallIntegerField(null=True, blank=True)  # 1-based among those that count
    parsed_not_counted = models.CharField(max_length=10, choices=NotCounted.choices, blank=True)  # the parser's word
    not_counted = models.CharField(max_length=10, choices=NotCounted.choices, blank=True)  # empty: it counts
    start_tick = models.IntegerField()
    freeze_end_tick = models.IntegerField(null=True, blank=True)
    end_tick = models.IntegerField()  # the decision; where it was not recorded, the last tick of the stretch
    official_end_tick = models.IntegerField(null=True, blank=True)  # when all of it was over, or the next round's start
    is_partial = models.BooleanField(default=False)  # its start or its end was not recorded
    overtime = models.PositiveSmallIntegerField(default=0)  # 0: regulation
    paused_s = models.FloatField(default=0.0)  # time-outs and pauses inside its freeze time
    winner_side = models.CharField(max_length=2, choices=Side.choices, blank=True)
    winner_roster = models.PositiveSmallIntegerField(null=True, blank=True)
    ct_roster = models.PositiveSmallIntegerField(null=True, blank=True)  # which roster plays counter-terrorist
    end_reason = models.CharField(max_length=60, blank=True)  # awpy's reason_name
    score_ct = models.PositiveSmallIntegerField(default=0)  # before the round
    score_t = models.PositiveSmallIntegerField(default=0)
    plant_tick = models.IntegerField(null=True, blank=True)
    bomb_site = models.CharField(max_length=1, blank=True)  # "A" or "B", of the plant
    # at the end of freeze time; buy types are awpy's: pistol, eco, force, full
    buy_ct = models.CharField(max_length=10, blank=True)
    buy_t = models.CharField(max_length=10, blank=True)
    equipment_ct = models.PositiveIntegerField(null=True, blank=True)
    equipment_t = models.PositiveIntegerField(null=True, blank=True)
    money_ct = models.PositiveIntegerField(null=True, blank=True)
    money_t = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["demo_id", "ordinal"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "ordinal"], name="one_round_per_ordinal")]
        indexes: ClassVar = [models.Index(fields=["demo", "number"], name="round_by_number")]

    def __str__(self) -> str:
        return f"Round {self.number}" if self.number is not None else self.get_not_counted_display().capitalize()

    @property
    def is_unfinished(self) -> bool:
        """A piece that nobody won: it counts as a round, and in nobody's statistics (decision 15)."""
        return self.is_partial and not self.winner_side


class RoundDecision(models.Model):
    """A person's word on whether a round counts; rows are only added, the newest of a ``start_tick`` holds."""

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="round_decisions")
    start_tick = models.IntegerField()  # of the round: its identity over new imports
    counts = models.BooleanField()
    reason = models.CharField(max_length=300)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="round_decisions"
    )
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{'counts' if self.counts else 'does not count'}: {self.reason}"


class Player(models.Model):
    """Somebody who played. ``slot`` is the key within a recording: bots all have steamid 0, names may change."""

    demo = models.ForeignKey(Demo, on_delete=models.CASCADE, related_name="players")
    slot = models.PositiveSmallIntegerField()  # userinfo slot = controller entity index − 1
    steamid = models.PositiveBigIntegerField(default=0, db_index=True)
    name = models.CharField(max_length=150, blank=True)
    is_bot = models.BooleanField(default=False)
    first_side = models.CharField(max_length=2, choices=Side.choices)
    roster = models.PositiveSmallIntegerField(null=True, blank=True)  # see DemoTeam
    statistics = models.JSONField(default=dict, blank=True)  # over the rounds that count, see parsing.stats.statistics

    class Meta:
        ordering: ClassVar = ["demo_id", "slot"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["demo", "slot"], name="one_player_per_slot")]

    def __str__(self) -> str:
        return self.name or f"Player {self.slot}"


class UploadStatus(models.TextChoices):
    RECEIVING = "receiving"
    COMPLETE = "complete"  # whole, being looked at
    DONE = "done"  # its recordings are in the library, or it was refused: ``results`` says which
    EXPIRED = "expired"


class Upload(models.Model):
    """A file on its way in, by whichever way: ``offset`` bytes of ``size`` lie in the uploads folder.

    Those of the browser come by the tus protocol and can be taken up again; others are whole at once. Rows change
    through ``services.uploading`` alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="uploads"
    )  # nobody: the command line, the watched folder
    source = models.CharField(max_length=10, choices=DemoSource.choices, default=DemoSource.UPLOAD)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()  # declared, bytes
    offset = models.PositiveBigIntegerField(default=0)
    status = models.CharField(max_length=10, choices=UploadStatus.choices, default=UploadStatus.RECEIVING)
    keep_raw = models.BooleanField(default=False)  # see Demo.keep_raw; for what is in it
    job = models.ForeignKey(Job, null=True, blank=True, on_delete=models.SET_NULL, related_name="uploads")  # unpacks
    # One per recording in it: {name, outcome, message, demo, job}; "queued" means: as its demo and job say now.
    results = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(db_index=True)  # the last bytes; abandoned ones expire by it

    class Meta:
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return self.name


class WatchedFile(models.Model):
    """A file of the watched folder that was looked at: the same size and time of change again is no news."""

    key = models.CharField(max_length=64, unique=True)  # SHA-256 of its path: a path need not be text
    path = models.TextField()  # for people
    size = models.PositiveBigIntegerField()
    changed_ns = models.BigIntegerField()  # its time of change, as the file system has it
    upload = models.ForeignKey(Upload, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering: ClassVar = ["path"]

    def __str__(self) -> str:
        return self.path
