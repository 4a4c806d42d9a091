"""A bare console client for these tests, and the simulated client as a real process."""

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[3]


class Game:
    """Starts ``python -m apps.simulation.client`` and talks to it over a real socket."""

    def __init__(self, folder: Path, *arguments: str, command: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [
                sys.executable,
                *(command or ("-m", "apps.simulation.client")),
                *("--netconport", "0", "--game-dir", str(folder), "--load-seconds", "0.2", "--skip-seconds", "0.05"),
                *("--image-delay", "0.05", *arguments),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        ready = re.fullmatch(r"listening on 127\.0\.0\.1:(\d+)\n", self.process.stdout.readline())
        assert ready, self.process.communicate()
        self.port = int(ready.group(1))
        self.heard = ""
        self.socket: socket.socket | None = None
        self.connect()

    def connect(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=5)
        self.socket.settimeout(0.05)

    def send(self, line: str) -> None:
        assert self.socket is not None
        self.socket.sendall(f"{line}\n".encode())

    def hear(self) -> bool:
        """Read what came; False when the connection is gone."""
        assert self.socket is not None
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            return True
        except ConnectionError:
            return False
        self.heard += data.decode()
        return bool(data)

    def wait_for(self, pattern: str, seconds: float = 10.0, again: str = "") -> re.Match[str]:
        """Until ``pattern`` was heard (once: it is forgotten with all before it); ``again`` is sent while waiting."""
        return self.until(lambda: self._found(pattern), seconds, again)

    def _found(self, pattern: str) -> re.Match[str] | None:
        found = re.search(pattern, self.heard)
        if found:
            self.heard = self.heard[found.end() :]
        return found

    def until(self, condition: Callable[[], T | None], seconds: float = 10.0, again: str = "") -> T:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            if again:
                self.send(again)
            if not self.hear() and not condition():
                raise ConnectionError("the game closed the connection")
        raise AssertionError(f"did not happen in {seconds} s; heard: {self.heard!r}")

    def ask(self, line: str, pattern: str) -> re.Match[str]:
        self.heard = ""
        self.send(line)
        return self.wait_for(pattern)

    def gone(self, seconds: float = 5.0) -> bool:
        """Whether the connection closes within ``seconds``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.hear():
                return True
        return False

    def play(self, demo: Path) -> None:
        """``playdemo`` and everything a client must do until the demo is on the screen."""
        self.send(f'playdemo "{demo}"')
        assert self.gone()
        self.come_back(r"demo     : .*\r\n")

    def come_back(self, pattern: str) -> None:
        """Connect again and again until ``status`` says ``pattern``."""
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                self.connect()
                self.wait_for(pattern, again="status")
                return
            except ConnectionError:
                time.sleep(0.02)
        raise AssertionError(f"the game never said {pattern!r}")

    def watch(self, slot: int, tick: int = 100) -> None:
        """Skip to ``tick``, let it play to its end and settle there, ask for ``slot`` and stop the demo."""
        self.send(f"spec_autodirector 0; demo_gototick {tick}")
        self.wait_for(r"Demo skip finished")
        self.wait_for(r"reached its last tick")
        self.until(lambda: self.waited(0.2))
        self.switch(slot)

    def switch(self, slot: int) -> None:
        """Ask for ``slot`` while the demo holds at its end, and stop it there."""
        self.send(f"demo_resume; spec_player {slot}")
        self.until(lambda: self.waited(0.2))
        self.send("demo_pause")

    def waited(self, seconds: float) -> bool:
        time.sleep(seconds)  # demo time is real time; there is nothing to poll
        return True

    def eye(self) -> tuple[float, ...]:
        number = r"(-?\d+\.\d+)"
        found = self.ask("getpos", rf"setpos {number} {number} {number};setang {number} {number} 0\.000000\r\n")
        return tuple(float(value) for value in found.groups())

    def picture(self, name: str, seconds: float = 10.0) -> Path:
        """Take a picture and wait until the file is whole (JPEG's end mark)."""
        path = self.folder / "screenshots" / f"{name}.jpg"
        self.send(f"jpeg {name}")
        self.until(lambda: path.exists() and path.read_bytes().endswith(b"\xff\xd9"), seconds)
        return path

    def stop(self) -> None:
        if self.socket is not None:
            self.socket.close()
        self.process.kill()
        self.process.communicate()
