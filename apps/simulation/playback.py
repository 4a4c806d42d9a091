"""The game's playback: loading, demo time, skips, and whose eyes the camera sits in. Pure: time is an argument.

``now`` is any clock in seconds that only goes forward.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from apps.simulation.faults import Fault, Faults
from apps.simulation.recording import Moment, Recording

WRONG_TICK_BY = 32
SAFE_SECONDS = 20.0  # of play before the first skip, or the real game may crash
CHASE_DISTANCE = 112.0  # units behind the player when the camera is not in first person
DIRECTOR_TICKS = 256  # the autodirector looks for another player this often


class Stage(StrEnum):
    MENU = "menu"
    LOADING = "loading"  # the socket is gone
    STARTING = "starting"  # the socket is back, the playing line not yet printed
    PLAYING = "playing"
    PAUSED = "paused"
    SKIPPING = "skipping"


@dataclass(frozen=True)
class Timing:
    """How long the game takes; the defaults are short enough to wait for and long enough to trip a hasty client."""

    load_seconds: float = 1.5
    skip_seconds: float = 0.4
    speed: float = 1.0  # demo seconds per second
    pov_ticks: int = 8  # played ticks until spec_player takes effect
    settle_ticks: int = 32  # played ticks after a skip during which spec_player is refused
    first_person_mode: int = 1


@dataclass(frozen=True)
class Camera:
    x: float
    y: float
    z: float
    pitch: float
    yaw: float


class Playback:
    """One state machine; every public method is safe in every stage."""

    def __init__(self, timing: Timing, faults: Faults) -> None:
        self.timing = timing
        self.faults = faults
        self._reset()

    def _reset(self) -> None:
        self.stage = Stage.MENU
        self.recording: Recording | None = None
        self.demo_name = ""
        self.position = 0.0
        self.timescale = 1.0
        self.slot: int | None = None
        self.spec_mode = self.timing.first_person_mode
        self.autodirector = True
        self._now = 0.0
        self._ready_at = math.inf
        self._paused_before = False
        self._skip_to = 0
        self._played = 0.0  # ticks played since the demo began, also while it holds at its end
        self._settled_at = 0.0
        self._pov: tuple[int, float] | None = None
        self._directed_at = 0.0
        self._ended = False
        self.crashed = False

    @property
    def tick(self) -> int:
        return int(self.position + 1e-6)  # a whole tick survives the sums of many small steps

    @property
    def in_demo(self) -> bool:
        return self.stage in (Stage.PLAYING, Stage.PAUSED, Stage.SKIPPING)

    def moment(self) -> Moment | None:
        return self.recording.at(self.tick) if self.recording and self.in_demo else None

    # ── loading ──────────────────────────────────────────────────────────────────────────────────────────────────
    def begin_loading(self, name: str, now: float) -> None:
        self._reset()
        self.stage, self.demo_name, self._now = Stage.LOADING, name, now
        self._ready_at = now + self.timing.load_seconds

    def loaded(self, recording: Recording) -> None:
        self.recording = recording
        self.position = float(recording.first_tick)

    def load_failed(self) -> None:
        self.stage = Stage.MENU

    # ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def advance(self, now: float) -> list[str]:
        """Bring the game to ``now``; returns what the console prints meanwhile."""
        elapsed, self._now = max(0.0, now - self._now), now
        if self.stage in (Stage.LOADING, Stage.STARTING):
            return self._advance_loading(now)
        if self.stage is Stage.SKIPPING:
            return self._finish_skip() if now >= self._ready_at else []
        if self.stage is Stage.PLAYING:
            return self._advance_playing(elapsed)
        return []

    def _advance_loading(self, now: float) -> list[str]:
        if self.recording is None or now < self._ready_at:
            return []
        if self.stage is Stage.LOADING:
            self.stage, self._ready_at = Stage.STARTING, now + 0.3 * self.timing.load_seconds
            return []
        self.stage = Stage.PLAYING
        return [f"Playing demo from {self.demo_name}."]

    def _advance_playing(self, elapsed: float) -> list[str]:
        assert self.recording is not None
        ticks = elapsed * self.recording.tick_rate * self.timing.speed * self.timescale
        self._played += ticks
        self.position = min(float(self.recording.last_tick), self.position + ticks)
        if self._pov and self._played >= self._pov[1]:
            self.slot, self._pov = self._pov[0], None
        self._keep_a_living_player()
        if self.position >= self.recording.last_tick and not self._ended:
            self._ended = True
            return [f"Demo playback reached its last tick {self.recording.last_tick}."]
        return []

    def _keep_a_living_player(self) -> None:
        """The game leaves a dead player's view by itself, and the autodirector wanders."""
        moment = self.moment()
        assert moment is not None
        living = [slot for slot, player in sorted(moment.players.items()) if player.alive]
        if not living:
            return
        if self.slot not in living:
            self.slot, self._directed_at = living[0], self._played
        elif self.autodirector and self._played - self._directed_at > DIRECTOR_TICKS:
            self.slot = living[(living.index(self.slot) + 1) % len(living)]
            self._directed_at = self._played

    # ── commands ─────────────────────────────────────────────────────────────────────────────────────────────────
    def seek(self, tick: int, pause: bool, now: float) -> list[str]:
        """Skip to ``tick`` (held inside the recording). A skip that is under way is replaced."""
        if not self.in_demo or self.recording is None:
            return ["Error - not currently playing back a demo."]
        early = self._played < SAFE_SECONDS * self.recording.tick_rate
        self.crashed = early and self.faults.strikes(Fault.EARLY_SEEK)
        if self.stage is not Stage.SKIPPING:
            self._paused_before = self.stage is Stage.PAUSED
        self._paused_before = self._paused_before or pause
        self._skip_to = min(self.recording.last_tick, max(self.recording.first_tick, tick))
        endless = self.faults.strikes(Fault.ENDLESS_SKIP)
        self.stage, self._pov = Stage.SKIPPING, None
        self._ready_at = math.inf if endless else now + self.timing.skip_seconds
        return [f"Demo skipping from tick {self.tick} to tick {self._skip_to}..."]

    def _finish_skip(self) -> list[str]:
        assert self.recording is not None
        landed = self._skip_to
        if self.faults.strikes(Fault.WRONG_TICK):
            landed += WRONG_TICK_BY if landed + WRONG_TICK_BY <= self.recording.last_tick else -WRONG_TICK_BY
        self.position, self._ended = float(max(self.recording.first_tick, landed)), False
        self.stage = Stage.PAUSED if self._paused_before else Stage.PLAYING
        self._settled_at = self._played + self.timing.settle_ticks
        self._keep_a_living_player()
        return [f"Demo skip finished at tick {self._skip_to}."]

    def pause(self) -> list[str]:
        if self.stage is Stage.SKIPPING:
            self._paused_before = True
        elif self.stage is Stage.PLAYING:
            self.stage = Stage.PAUSED
        return []

    def resume(self) -> list[str]:
        if self.stage is Stage.SKIPPING:
            self._paused_before = False
        elif self.stage is Stage.PAUSED:
            self.stage = Stage.PLAYING
        return []

    def spec_player(self, slot: int) -> list[str]:
        """Ask for a player's eyes. Refused without a word while paused, skipping or just after a skip."""
        moment = self.moment()
        if moment is None or self.stage is not Stage.PLAYING or self._played < self._settled_at:
            return []
        if self.faults.strikes(Fault.SWALLOW_POV) or slot not in moment.players or not moment.players[slot].alive:
            return []
        if self.faults.strikes(Fault.WRONG_PLAYER):
            others = [other for other, player in sorted(moment.players.items()) if player.alive and other != slot]
            slot = next((other for other in others if other > slot), others[0] if others else slot)
        self._pov, self._directed_at = (slot, self._played + self.timing.pov_ticks), self._played
        return []

    # ── what can be seen ─────────────────────────────────────────────────────────────────────────────────────────
    @property
    def first_person(self) -> bool:
        return self.spec_mode == self.timing.first_person_mode

    def camera(self) -> Camera | None:
        """Eye position and angles (degrees); behind the player when not in first person; None outside a demo."""
        moment = self.moment()
        player = moment.players.get(self.slot) if moment and self.slot is not None else None
        if player is None:
            return None
        x, y, z = player.eye
        if not self.first_person:
            x -= CHASE_DISTANCE * math.cos(math.radians(player.yaw))
            y -= CHASE_DISTANCE * math.sin(math.radians(player.yaw))
        return Camera(x, y, z, player.pitch, player.yaw)
