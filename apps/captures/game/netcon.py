"""The network console (``-netconport``): lines of text over TCP, no framing, no acknowledgement.

A command's answer is bracketed by an ``echo`` of a nonce: what comes before the nonce belongs to the command, and a
nonce that never comes back means that nobody listens.
"""

import re
import secrets
import socket
import time
from collections.abc import Callable

from apps.captures.game.problems import ConsoleLost

POLL_S = 0.05
LONGEST_BUFFER = 1 << 20


class Netcon:
    """One connection. ``check`` is called many times a second while waiting and may raise to stop everything."""

    def __init__(self, host: str, port: int, *, check: Callable[[], None], answer_s: float = 3.0) -> None:
        self.host, self.port = host, port
        self.answer_s = answer_s
        self._check = check
        self._socket: socket.socket | None = None
        self._buffer = ""

    @property
    def connected(self) -> bool:
        return self._socket is not None

    def connect(self, within_s: float) -> None:
        """Connect and prove that the console is live, trying again until ``within_s`` have passed.

        Raises:
            ConsoleLost: nobody answered in time.
        """
        end = time.monotonic() + within_s
        while True:
            self._check()
            try:
                self.close()
                self._socket = socket.create_connection((self.host, self.port), timeout=1.0)
                self._socket.settimeout(POLL_S)
                self.ask("", answer_s=min(self.answer_s, max(0.2, end - time.monotonic())))
                return
            except (OSError, ConsoleLost):
                self.close()
                if time.monotonic() >= end:
                    raise ConsoleLost(
                        f"The game's console at {self.host}:{self.port} did not answer within {within_s:.0f} s."
                    ) from None
                time.sleep(POLL_S)

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket, self._buffer = None, ""

    def send(self, command: str) -> None:
        """Send a line and wait for nothing.

        Raises:
            ConsoleLost: the connection is gone.
        """
        if self._socket is None:
            raise ConsoleLost("The connection to the game is closed.")
        try:
            self._socket.sendall(command.encode("utf-8") + b"\n")
        except OSError as error:
            self.close()
            raise ConsoleLost("The connection to the game broke.") from error

    def ask(self, command: str, *, answer_s: float | None = None) -> list[str]:
        """Send a command and return the lines printed until its nonce came back; a cut line is returned cut.

        Raises:
            ConsoleLost: the connection broke, or nothing came back in time.
        """
        nonce = f"nonce-{secrets.token_hex(8)}"
        if command:
            self.send(command)
        self.send(f"echo {nonce}")
        lines: list[str] = []
        end = time.monotonic() + (self.answer_s if answer_s is None else answer_s)
        while time.monotonic() < end:
            for line in self.read():
                before, found, _ = line.partition(nonce)
                if before.strip():
                    lines.append(before.strip())
                if found:
                    return lines
        raise ConsoleLost("The game's console does not answer.")

    def read(self) -> list[str]:
        """Whole lines that have come in; waits at most ``POLL_S``.

        Raises:
            ConsoleLost: the connection broke.
        """
        self._check()
        if self._socket is None:
            raise ConsoleLost("The connection to the game is closed.")
        try:
            chunk = self._socket.recv(65536)
        except TimeoutError:
            return []
        except OSError as error:
            self.close()
            raise ConsoleLost("The connection to the game broke.") from error
        if not chunk:
            self.close()
            raise ConsoleLost("The game closed the connection.")
        *lines, self._buffer = re.split(r"\r?\n", self._buffer + chunk.decode("utf-8", "replace"))
        self._buffer = self._buffer[-LONGEST_BUFFER:]
        return [line for line in lines if line.strip()]
