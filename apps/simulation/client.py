"""The simulated client as a process.

    python -m apps.simulation.client --netconport 2121 --game-dir /tmp/game [--fault drop-on-seek] [--speed 4]

Prints ``listening on 127.0.0.1:2121`` when it is ready. Pictures appear in ``<game-dir>/screenshots``.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path

from apps.simulation.console import Action, Console, Drop, Load, Quit, Shot
from apps.simulation.darkroom import Darkroom
from apps.simulation.faults import DEFAULT_COMMAND, Fault, Faults, explanation
from apps.simulation.keeping import read_kept
from apps.simulation.netcon import Netcon
from apps.simulation.playback import Playback, Stage, Timing
from apps.simulation.reading import UnreadableRecording, read
from apps.simulation.recording import Recording

FRAME_SECONDS = 0.02
SIZES = {"1280x720": (1280, 720), "1920x1080": (1920, 1080)}


@dataclass(frozen=True)
class Options:
    netconport: int
    game_dir: Path
    faults: list[str] = field(default_factory=list)
    timing: Timing = field(default_factory=Timing)
    image_delay: float = 0.15
    size: str = "1280x720"
    randomise: int | None = None  # the seed of every picture's own look


def _not_negative(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1e6:
        raise argparse.ArgumentTypeError("must be a number from 0 on")
    return value


def add_arguments(parser: argparse.ArgumentParser) -> None:
    usual = Timing()
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = (
        f"faults, as the real game shows them (drop, swallow and crash happen once, at command N, {DEFAULT_COMMAND} "
        f"unless told;\nall others always, or N times):\n{explanation()}"
    )
    parser.add_argument("--netconport", type=int, required=True, help="loopback port; 0 takes any free one")
    parser.add_argument("--game-dir", type=Path, required=True, help="screenshots/ appears below it")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="NAME[:N]",
        help="fail on purpose (see below): may be given again",
    )
    parser.add_argument("--speed", type=_not_negative, default=usual.speed, help="demo seconds per second")
    parser.add_argument("--load-seconds", type=_not_negative, default=usual.load_seconds, help="without a socket")
    parser.add_argument("--skip-seconds", type=_not_negative, default=usual.skip_seconds, help="a skip takes")
    parser.add_argument("--image-delay", type=_not_negative, default=0.15, help="seconds until a picture appears")
    parser.add_argument("--pov-ticks", type=int, default=usual.pov_ticks, help="ticks until spec_player takes effect")
    parser.add_argument("--settle-ticks", type=int, default=usual.settle_ticks, help="ticks after a skip without it")
    parser.add_argument("--first-person-mode", type=int, default=usual.first_person_mode, help="this build's spec_mode")
    parser.add_argument("--size", choices=list(SIZES), default="1280x720", help="of the pictures")
    parser.add_argument(
        "--randomise",
        type=int,
        metavar="SEED",
        help="every picture in another look (font, colours, scale, compression …); NAME.look.json says which",
    )


def options_from(values: dict[str, object]) -> Options:
    """Options from parsed arguments (``vars(namespace)``)."""
    names = ("load_seconds", "skip_seconds", "speed", "pov_ticks", "settle_ticks", "first_person_mode")
    return Options(
        netconport=int(str(values["netconport"])),
        game_dir=Path(str(values["game_dir"])).absolute(),
        faults=list(values["fault"]),  # type: ignore[call-overload]
        timing=Timing(**{name: values[name] for name in names}),  # type: ignore[arg-type]
        image_delay=float(str(values["image_delay"])),
        size=str(values["size"]),
        randomise=values.get("randomise"),  # type: ignore[arg-type]
    )


class Client:
    """Ties the console to the socket, the clock and the folder of pictures."""

    def __init__(self, options: Options, open_recording: Callable[[Path], Recording] | None = None) -> None:
        """
        Raises:
            ValueError: a fault that does not exist.
        """
        self._open_recording = open_recording or self._read
        self.options = options
        self.faults = Faults(options.faults)
        self.playback = Playback(options.timing, self.faults)
        self.console = Console(self.playback, options.game_dir)
        self.netcon = Netcon(self._on_line, admits=lambda: self.playback.stage is not Stage.LOADING)
        self.darkroom = Darkroom(
            options.game_dir, SIZES[options.size], options.image_delay, self.faults, options.randomise
        )
        self.port: int | None = None  # known once it listens
        self._commands = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._quit = asyncio.Event()
        self._movie_busy = False

    def _read(self, path: Path) -> Recording:
        return read_kept(path, self.options.game_dir / "read", read)

    async def run(self) -> None:
        """Serve until ``quit``."""
        self.darkroom.folder.mkdir(parents=True, exist_ok=True)
        self.port = await self.netcon.listen(self.options.netconport)
        print(f"listening on 127.0.0.1:{self.port}", flush=True)  # noqa: T201  # whoever started us waits for it
        while not self._quit.is_set():
            self._print(self.playback.advance(time.monotonic()))
            self._film()
            await asyncio.sleep(FRAME_SECONDS)
        await self.netcon.close()
        for task in self._tasks:
            task.cancel()  # as when the game is closed: what is being written stays half

    def _on_line(self, line: str) -> None:
        self._commands += 1
        if self.faults.strikes_at(Fault.CRASH, self._commands):
            os._exit(1)  # as a crash: nothing is closed, nothing is flushed
        now = time.monotonic()
        self._print(self.playback.advance(now))
        if self.faults.strikes_at(Fault.SWALLOW, self._commands):
            return
        outcome = self.console.run(line, now)
        if self.playback.crashed:
            os._exit(1)
        self._print(outcome.lines, answer=True)
        for action in outcome.actions:
            self._act(action)
        if self.faults.strikes_at(Fault.DROP, self._commands):
            self.netcon.drop_all()

    def _print(self, lines: list[str], answer: bool = False) -> None:
        if not lines or self.faults.strikes(Fault.SILENT):
            return
        text = "".join(f"{line}\r\n" for line in lines)
        if answer and self.faults.strikes(Fault.HALF_ANSWER):
            text = text[: len(text) // 2]
        self.netcon.send(text)

    def _act(self, action: Action) -> None:
        match action:
            case Drop():
                self.netcon.drop_all()
            case Quit():
                self._quit.set()
            case Load() as load:
                self._start(self._load(load))
            case Shot() as shot:
                self._start(self._develop(shot))

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop itself holds tasks only weakly
        task.add_done_callback(self._tasks.discard)

    async def _load(self, load: Load) -> None:
        try:
            recording = await asyncio.to_thread(self._open_recording, load.path)
        except UnreadableRecording as error:
            await self._give_up(load, error)
        else:
            if self._still_loading(load):
                self.playback.loaded(recording)

    async def _give_up(self, load: Load, error: UnreadableRecording) -> None:
        """As long as a load takes, then back to the menu; the reason is printed once somebody can be connected."""
        await asyncio.sleep(self.options.timing.load_seconds)
        if self._still_loading(load):
            self.playback.load_failed()
            await asyncio.sleep(0.3 * self.options.timing.load_seconds)
            self._print([f"Couldn't play demo file {load.name}: {error}."])

    def _still_loading(self, load: Load) -> bool:
        """False when another demo was asked for meanwhile."""
        return self.playback.stage is Stage.LOADING and self.playback.demo_name == load.name

    async def _develop(self, shot: Shot) -> None:
        self._print(await self.darkroom.develop(shot))

    def _film(self) -> None:
        if not self._movie_busy and (shot := self.console.movie_shot()):
            self._movie_busy = True
            self._start(self._film_one(shot))

    async def _film_one(self, shot: Shot) -> None:
        await self._develop(shot)
        self._movie_busy = False


def serve(options: Options) -> int:
    """Run the client; 2 when an option is wrong or the port is taken."""

    async def main() -> None:
        await Client(options).run()

    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        return 0
    except (OSError, ValueError) as error:
        print(f"the simulated client cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A simulated CS2 client that speaks netcon on loopback.")
    add_arguments(parser)
    sys.exit(serve(options_from(vars(parser.parse_args()))))
