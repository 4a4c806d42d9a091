"""One verified frame after another: steps 5 to 7 of the sequence.

``approach`` (seek, play, take the player's eyes) → ``hold`` (at the tick: pause, verify) → ``expose`` (image, resume).
An attempt that ends anywhere with ``Unverified`` is made again with a longer settle; after the third the target failed.
A lost connection is no attempt: the game is brought back and the attempt made again.

The game pauses within a few ticks of what was asked, so the frame is measured, not assumed: its tick is what
``demo_info`` says while paused, and everything is compared with the recording at that tick.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from apps.captures.game import answers
from apps.captures.game.answers import View
from apps.captures.game.images import Picture, wait_for_picture
from apps.captures.game.problems import ConsoleLost, GameStopped, SameFrame, TargetFailed, Unverified
from apps.captures.game.stage import POLL_S, Stage
from apps.captures.game.verification import MOST_DEGREES, MOST_UNITS, Match, Stand, match, verify

LEAD_TICKS = 64  # played after a seek before players can be switched
SETTLE_TICKS = 24  # from switching to the frame; more with every attempt
EARLY_TICKS, LATE_TICKS = 4, 48  # how far from the planned tick a frame may be
ATTEMPTS = 3
PICTURES = 3  # taken of one view while the game gives the previous one
MOST_BREAKS = 5  # lost connections per target
ASK_AGAIN_TICKS = 16


@dataclass(frozen=True)
class Target:
    tick: int
    slot: int


@dataclass(frozen=True)
class Shot:
    """A verified frame: the picture, the tick it shows, what the game measured and how far that was off."""

    picture: Picture
    tick: int
    view: View
    match: Match
    attempts: int


class Photographer:
    """``living(tick)`` is engine truth: everybody alive at that tick, by slot."""

    def __init__(self, stage: Stage, folder: Path, living: Callable[[int], Mapping[int, Stand]]) -> None:
        self.stage, self.folder, self.living = stage, folder, living
        self._previous: str | None = None
        self._mode = 0  # index into the profile's spec modes
        self._proven_mode = False
        self._landed = (stage.play.first_tick, 0.0)  # tick and time of the last seek, for games that tell no tick

    def take(self, target: Target) -> Shot:
        """A verified frame of ``target``.

        Raises:
            TargetFailed: three attempts gave none.
            GameStopped: the game is lost, or will fare no better with the next target.
        """
        attempt, breaks = 1, 0
        while True:
            try:
                self.stage.ensure_ready()
                return self._attempt(target, attempt)
            except ConsoleLost as error:
                breaks += 1
                self.stage.netcon.close()
                if breaks > MOST_BREAKS:
                    raise GameStopped(
                        f"The connection to the game broke {breaks} times on one frame. {error}"
                    ) from error
            except Unverified as error:
                if attempt >= ATTEMPTS:
                    if error.fatal:
                        raise GameStopped(str(error)) from error
                    raise TargetFailed(str(error)) from error
                attempt += 1

    def _attempt(self, target: Target, attempt: int) -> Shot:
        settle = SETTLE_TICKS * attempt
        self._approach(target, settle, again=attempt > 1)
        tick, view, fit = self._hold(target, settle)
        picture = self._expose()
        self._proven_mode, self._previous = True, picture.sha256
        return Shot(picture, tick, view, fit, attempt)

    # ── approach ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _approach(self, target: Target, settle: int, *, again: bool) -> None:
        """Play up to where the player is to be switched: seek unless playing on leads there soon."""
        first = self.stage.play.first_tick
        goal = max(first, target.tick - LEAD_TICKS - settle)
        here = self._tick()
        if again or here > target.tick + EARLY_TICKS or here < goal - LEAD_TICKS:
            self._seek(goal)
            self._play_until(min(goal + LEAD_TICKS, self.stage.play.last_tick - 1))
        else:
            self.stage.netcon.send("demo_resume")
        self._play_until(target.tick - settle)

    def _seek(self, goal: int) -> None:
        self.stage.netcon.ask(f"demo_gototick {goal}")
        end = time.monotonic() + self.stage.limits.skip_s
        while True:
            where = self.stage.where()
            if where.stage in ("playing", "paused"):
                break
            if where.stage == "unknown" and where.tick is None and self._said_finished():
                break
            if time.monotonic() > end:
                raise Unverified(f"The skip to tick {goal} did not end within {self.stage.limits.skip_s:.0f} s.")
            self.stage.pause_for(POLL_S)
        self._landed = (goal, time.monotonic())
        self.stage.netcon.send("demo_resume")

    def _said_finished(self) -> bool:
        return any("skip finished" in line.lower() for line in self.stage.netcon.read())

    def _play_until(self, tick: int) -> None:
        """Let the game play until ``tick``; generous, as a game may play slower than its rate."""
        play = self.stage.play
        while (missing := tick - self._tick()) > 0:
            before, end = missing, time.monotonic() + 2 + 4 * missing / play.tick_rate
            self.stage.pause_for(min(POLL_S, missing / play.tick_rate))
            while tick - self._tick() >= before:
                if time.monotonic() > end:
                    raise Unverified("The game stands still instead of playing.")
                self.stage.pause_for(POLL_S)

    def _tick(self) -> int:
        """The tick the game is at: as it says, else by the clock since the last seek."""
        told = self.stage.where().tick
        if told is not None:
            return told
        landed, at = self._landed
        return landed + round((time.monotonic() - at) * self.stage.play.tick_rate) if at else landed

    # ── hold ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _hold(self, target: Target, settle: int) -> tuple[int, View, Match]:
        """Take the player's eyes, pause at the tick, and vouch for the view while everything stands still."""
        last_chance = min(target.tick + LATE_TICKS, self.stage.play.last_tick)
        self._switch(target, min(target.tick + settle, last_chance))
        self._play_until(target.tick)
        self.stage.netcon.ask("demo_pause")
        where, view = self.stage.view()
        tick = target.tick if where.tick is None else where.tick
        fit = verify(view, target.slot, self.living(tick))
        assert view is not None  # verify would have raised
        if not target.tick - EARLY_TICKS <= tick <= target.tick + LATE_TICKS:
            raise Unverified(f"The game stopped at tick {tick} instead of {target.tick}.")
        return tick, view, fit

    def _switch(self, target: Target, until: int) -> None:
        """Ask for the player's eyes until the camera is there or ``until`` is played; ``_hold`` has the verdict."""
        asked_at: int | None = None
        while True:
            here = self._tick()
            if asked_at is None or here - asked_at >= ASK_AGAIN_TICKS:
                self.stage.netcon.send(f"spec_mode {self.stage.profile.spec_modes[self._mode]}")
                self.stage.netcon.send(f"spec_player {target.slot}")
                asked_at = here
            where, view = self.stage.view()
            living = self.living(here if where.tick is None else where.tick)
            try:
                verify(view, target.slot, living)
                return
            except Unverified:
                if here >= until:
                    return
                if not self._proven_mode and view is not None and _is_behind(view, living.get(target.slot)):
                    self._mode = (self._mode + 1) % len(self.stage.profile.spec_modes)
                    asked_at = None
            self.stage.pause_for(POLL_S)

    # ── expose ───────────────────────────────────────────────────────────────────────────────────────────────────
    def _expose(self) -> Picture:
        """The picture of what stands before the paused camera.

        A game that is one picture behind gives the previous frame; asked again without having moved, it gives this one.
        """
        try:
            for _ in range(PICTURES - 1):
                try:
                    return self._picture()
                except SameFrame:
                    continue
            return self._picture()
        finally:
            if self.stage.netcon.connected:
                self.stage.netcon.send("demo_resume")

    def _picture(self) -> Picture:
        name = f"chimera-{secrets.token_hex(8)}"
        path = self.folder / f"{name}.jpg"
        try:
            self.stage.netcon.send(self.stage.profile.capture.format(name=name))
            return wait_for_picture(
                path,
                within_s=self.stage.limits.image_s,
                previous=self._previous,
                check=self.stage.check,
                trouble=lambda: answers.write_error(self.stage.netcon.read()),
            )
        finally:
            path.unlink(missing_ok=True)


def _is_behind(view: View, stand: Stand | None) -> bool:
    """Whether the camera looks where the player looks but from behind: this build's first person has another number."""
    if stand is None:
        return False
    fit = match(view, stand)
    return fit.degrees <= MOST_DEGREES and MOST_UNITS < fit.units < 4 * MOST_UNITS
