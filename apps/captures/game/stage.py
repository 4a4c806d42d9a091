"""A game that plays one recording: connect, load, let it play, clean the HUD; and the same again after any break.

Steps 1 to 4 of the sequence. ``ensure_ready`` may be called at any time: it does whatever is missing.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from apps.captures.game import answers
from apps.captures.game.answers import View, Where
from apps.captures.game.netcon import Netcon
from apps.captures.game.problems import ConsoleLost, GameStopped
from apps.captures.game.profiles import HudProfile

POLL_S = 0.03
MOST_LOADS = 3
ASKS_TO_LOAD = 3  # times the game is told to play within load_s


@dataclass(frozen=True)
class Limits:
    """Seconds to wait for each kind of thing before giving it up."""

    settle_s: float = 0.0  # playback before the first seek; the real game needs about 20
    reconnect_s: float = 60.0  # for a console that is gone: the game may be restarting
    load_s: float = 90.0
    skip_s: float = 30.0
    image_s: float = 10.0
    answer_s: float = 3.0


@dataclass(frozen=True)
class Play:
    """The recording to play."""

    demo: str  # as playdemo takes it: an absolute path, or one below the game's folder
    first_tick: int
    last_tick: int
    tick_rate: float = 64.0


class Stage:
    """``check`` is called many times a second while waiting and may raise to stop everything."""

    def __init__(
        self, netcon: Netcon, play: Play, profile: HudProfile, limits: Limits, check: Callable[[], None]
    ) -> None:
        self.netcon, self.play, self.profile, self.limits = netcon, play, profile, limits
        self.check = check
        self.ready = False
        self._loads = 0

    def ensure_ready(self) -> None:
        """Have the recording playing with a clean HUD.

        Raises:
            GameStopped: the game does not come (back), or refuses the recording.
        """
        if self.ready and self.netcon.connected:
            return
        self.ready = False
        end = time.monotonic() + self.limits.reconnect_s + self.limits.load_s
        while not self.ready:
            try:
                if not self.netcon.connected:
                    self.netcon.connect(self.limits.reconnect_s)
                if not self._shows_demo():
                    self._load()
                for command in (*self.profile.commands, "spec_autodirector 0"):
                    self.netcon.send(command)
                self.netcon.ask("demo_resume")
                self.ready = True
            except ConsoleLost as error:
                self.netcon.close()
                if time.monotonic() > end:
                    raise GameStopped(f"The game client cannot be reached any more. {error}") from error

    def _shows_demo(self) -> bool:
        lines = self.netcon.ask("status")
        name = self.play.demo.rsplit("/", 1)[-1]
        return answers.is_playing(lines) and any(name in line for line in lines)

    def _load(self) -> None:
        self._loads += 1
        if self._loads > MOST_LOADS:
            raise GameStopped(f"The game lost the recording {MOST_LOADS} times; it may crash on it.")
        end = time.monotonic() + self.limits.load_s
        asked_at = None
        while not self._began_playing():
            now = time.monotonic()
            if now > end:
                raise GameStopped(f"The game did not begin to play the recording within {self.limits.load_s:.0f} s.")
            if self.netcon.connected and (asked_at is None or now - asked_at > self.limits.load_s / ASKS_TO_LOAD):
                self.netcon.send(f'playdemo "{self.play.demo}"')  # again: the game may have crashed and forgotten it
                asked_at = now
        self.pause_for(self.limits.settle_s)

    def _began_playing(self) -> bool:
        """One look; the socket drops while the level loads, so connecting again is part of it."""
        try:
            if not self.netcon.connected:
                self.netcon.connect(self.limits.reconnect_s)
            lines = self.netcon.read() or self.netcon.ask("status")
        except ConsoleLost:
            self.netcon.close()
            return False
        refused = answers.refusal(lines)
        if refused:
            raise GameStopped(f"The game refuses the recording: {refused}")
        return answers.is_playing(lines)

    def where(self) -> Where:
        return self._known(answers.where(self.netcon.ask("demo_info")))

    def view(self) -> tuple[Where, View | None]:
        """The tick and the camera, asked for in one breath."""
        lines = self.netcon.ask("demo_info\ngetpos")
        return self._known(answers.where(lines)), answers.view(lines)

    def _known(self, where: Where) -> Where:
        if where.no_demo:
            self.ready = False
            raise ConsoleLost("The game is not playing the recording any more.")
        return where

    def pause_for(self, seconds: float) -> None:
        """Let the game play for a while."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.check()
            time.sleep(min(POLL_S, max(0.0, end - time.monotonic())))
