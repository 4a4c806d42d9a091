"""The game's console: a line of text in; lines of text, and things to do, out. Pure but for the playback it drives.

What it prints, for whoever writes the other side::

    playdemo "x"        the socket drops; later "Playing demo from x."
    demo_gototick 640   "Demo skipping from tick 12 to tick 640..." and later "Demo skip finished at tick 640."
    demo_info           "Demo x: at tick 640 of 9000, playing" (or paused, skipping)
    getpos              "setpos 1.000000 2.000000 3.000000;setang 4.000000 5.000000 0.000000"
    echo a b            "a b " (with the blank, as the game does)
    status              several lines; in a demo one begins with "demo     :"
    jpeg name 95        nothing; screenshots/name.jpg appears
    nonsense            "Unknown command: nonsense"
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from apps.simulation.commandline import number, split_commands
from apps.simulation.convars import CONVARS
from apps.simulation.faults import Fault
from apps.simulation.playback import Playback, Stage
from apps.simulation.recording import Recording

_PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


@dataclass(frozen=True)
class Load:
    path: Path
    name: str


@dataclass(frozen=True)
class Shot:
    """One picture to take: what stood before the camera when the command came."""

    file_name: str
    recording: Recording
    tick: int
    slot: int
    convars: dict[str, str]
    quality: int = 90
    first_person: bool = True


@dataclass(frozen=True)
class Drop:
    """Close every connection."""


@dataclass(frozen=True)
class Quit:
    pass


Action = Load | Shot | Drop | Quit


@dataclass
class Outcome:
    lines: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)


class Console:
    def __init__(self, playback: Playback, game_dir: Path) -> None:
        self.playback = playback
        self.game_dir = game_dir
        self.convars = dict(CONVARS)
        self.movie: str | None = None
        self._movie_frames = 0
        self._shots = 0
        self._commands: dict[str, Callable[[list[str], float], Outcome]] = {
            "echo": self._echo,
            "playdemo": self._playdemo,
            "disconnect": self._disconnect,
            "stopdemo": self._disconnect,
            "demo_gototick": self._gototick,
            "demo_pause": lambda args, now: Outcome(self.playback.pause()),
            "demo_resume": lambda args, now: Outcome(self.playback.resume()),
            "demo_togglepause": self._toggle_pause,
            "demo_timescale": self._timescale,
            "demo_info": self._demo_info,
            "spec_mode": self._spec_mode,
            "spec_player": self._spec_player,
            "spec_autodirector": self._autodirector,
            "getpos": self._getpos,
            "status": self._status,
            "jpeg": self._screenshot,
            "screenshot": self._screenshot,
            "startmovie": self._startmovie,
            "endmovie": self._endmovie,
            "quit": lambda args, now: Outcome(actions=[Quit()]),
            "exit": lambda args, now: Outcome(actions=[Quit()]),
        }

    def run(self, line: str, now: float) -> Outcome:
        """Carry out one line, which may hold several commands."""
        total = Outcome()
        for name, *args in split_commands(line):
            outcome = self._run_one(name.lower(), name, args, now)
            total.lines += outcome.lines
            total.actions += outcome.actions
        return total

    def _run_one(self, key: str, name: str, args: list[str], now: float) -> Outcome:
        if key in self._commands:
            return self._commands[key](args, now)
        if key not in self.convars:
            return Outcome([f"Unknown command: {name}"])
        if not args:
            return Outcome([f"{key} = {self.convars[key]}"])
        self.convars[key] = args[0]
        return Outcome()

    def _echo(self, args: list[str], now: float) -> Outcome:
        return Outcome(["".join(f"{arg} " for arg in args)])

    def _playdemo(self, args: list[str], now: float) -> Outcome:
        if not args:
            return Outcome(["playdemo <demoname>: plays a demo file."])
        name = args[0] if args[0].lower().endswith(".dem") else f"{args[0]}.dem"
        path = Path(name) if Path(name).is_absolute() else self.game_dir / name
        if "\0" in name or not path.is_file():
            return Outcome([f"Couldn't open demo file {name}."])
        self.playback.begin_loading(name, now)
        self.movie = None
        return Outcome(actions=[Drop(), Load(path, name)])

    def _disconnect(self, args: list[str], now: float) -> Outcome:
        self.playback.load_failed()
        return Outcome()

    def _gototick(self, args: list[str], now: float) -> Outcome:
        tick = number(args)
        if tick is None:
            return Outcome(["demo_gototick <tick> [relative] [pause]: skips to a tick in the demo."])
        relative, pause = [bool(number([arg], 0)) for arg in [*args[1:], "0", "0"][:2]]
        was_in_demo = self.playback.in_demo
        lines = self.playback.seek(int(tick) + (self.playback.tick if relative else 0), pause, now)
        drop = was_in_demo and self.playback.faults.strikes(Fault.DROP_ON_SEEK)
        return Outcome(lines, [Drop()] if drop else [])

    def _toggle_pause(self, args: list[str], now: float) -> Outcome:
        paused = self.playback.stage is Stage.PAUSED
        return Outcome(self.playback.resume() if paused else self.playback.pause())

    def _timescale(self, args: list[str], now: float) -> Outcome:
        value = number(args)
        if value is None or not 0 < value <= 100:
            return Outcome([f"demo_timescale = {self.playback.timescale:g}"])
        self.playback.timescale = value
        return Outcome()

    def _demo_info(self, args: list[str], now: float) -> Outcome:
        play = self.playback
        if not play.in_demo or play.recording is None:
            return Outcome(["Error - not currently playing back a demo."])
        return Outcome([f"Demo {play.demo_name}: at tick {play.tick} of {play.recording.last_tick}, {play.stage}"])

    def _spec_mode(self, args: list[str], now: float) -> Outcome:
        mode = number(args)
        if mode is None:
            return Outcome([f"spec_mode = {self.playback.spec_mode}"])
        self.playback.spec_mode = int(mode)
        return Outcome()

    def _spec_player(self, args: list[str], now: float) -> Outcome:
        slot = number(args)
        return Outcome(["spec_player <slot>"] if slot is None else self.playback.spec_player(int(slot)))

    def _autodirector(self, args: list[str], now: float) -> Outcome:
        if not args:
            return Outcome([f"spec_autodirector = {str(self.playback.autodirector).lower()}"])
        self.playback.autodirector = args[0].lower() not in ("0", "false")
        return Outcome()

    def _getpos(self, args: list[str], now: float) -> Outcome:
        camera = self.playback.camera()
        if camera is None:
            return Outcome(["setpos 0.000000 0.000000 0.000000;setang 0.000000 0.000000 0.000000"])
        place = f"setpos {camera.x:.6f} {camera.y:.6f} {camera.z:.6f}"
        return Outcome([f"{place};setang {camera.pitch:.6f} {camera.yaw:.6f} 0.000000"])

    def _status(self, args: list[str], now: float) -> Outcome:
        play = self.playback
        lines = ["----- Status -----", "@ Current  :  game", "source   : console", "hostname : Counter-Strike 2"]
        if play.in_demo and play.recording is not None:
            lines += [
                f"demo     : {play.demo_name}",
                f"map      : {play.recording.map_name}",
                f"tick     : {play.tick} of {play.recording.last_tick} ({play.stage})",
            ]
        else:
            lines.append(f"state    : {play.stage}")
        return Outcome([*lines, "#end"])

    def _screenshot(self, args: list[str], now: float) -> Outcome:
        self._shots += 1
        map_name = self.playback.recording.map_name if self.playback.recording else "menu"
        name = (args[0] if args else f"{map_name or 'demo'}_{self._shots:04d}").removesuffix(".jpg")
        if not _PLAIN_NAME.fullmatch(name):
            return Outcome([f"Couldn't write screenshots/{name}.jpg: not a plain file name."])
        shot = self.shot(f"{name}.jpg", quality=int(number(args[1:], 90) or 90))
        return Outcome(actions=[shot]) if shot else Outcome(["There is nothing to take a picture of."])

    def _startmovie(self, args: list[str], now: float) -> Outcome:
        if not args or not _PLAIN_NAME.fullmatch(args[0]):
            return Outcome(["startmovie <filename> [jpg]: records frames until endmovie."])
        self.movie, self._movie_frames = args[0], 0
        return Outcome([f"Started recording movie, frames will record after the console is cleared: {args[0]}"])

    def _endmovie(self, args: list[str], now: float) -> Outcome:
        if self.movie is None:
            return Outcome(["No movie started."])
        self.movie = None
        return Outcome([f"Stopped recording movie, {self._movie_frames} frames written."])

    def movie_shot(self) -> Shot | None:
        """The next frame of the movie being recorded, if one is."""
        if self.movie is None:
            return None
        shot = self.shot(f"{self.movie}{self._movie_frames:04d}.jpg")
        self._movie_frames += shot is not None
        return shot

    def shot(self, file_name: str, quality: int = 90) -> Shot | None:
        """What the camera sees now as a picture to take; None outside a demo."""
        play = self.playback
        moment = play.moment()
        if play.recording is None or moment is None or play.slot not in moment.players:
            return None
        quality = max(1, min(95, quality))
        return Shot(file_name, play.recording, play.tick, play.slot, dict(self.convars), quality, play.first_person)
