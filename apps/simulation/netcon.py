"""The console on a loopback socket: lines in from any connection, everything printed goes to all of them."""

import asyncio
from collections.abc import Callable

LONGEST_LINE = 8192


class Netcon:
    """``on_line`` is called for every line received; ``admits`` says whether a new connection is kept."""

    def __init__(self, on_line: Callable[[str], None], admits: Callable[[], bool]) -> None:
        self._on_line = on_line
        self._admits = admits
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> int:
        """Listen on 127.0.0.1 only; returns the port (0 asks for any free one)."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port, limit=LONGEST_LINE)
        return int(self._server.sockets[0].getsockname()[1])

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._admits():
            writer.close()
            return
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self._writers.add(writer)
        try:
            while data := await reader.readline():
                line = data.decode("utf-8", "replace").strip()
                if line and writer in self._writers:
                    self._on_line(line)
        except (ConnectionError, ValueError):  # gone, or a line longer than any command
            pass
        finally:
            self._writers.discard(writer)
            self._serving.discard(task)
            writer.close()

    def send(self, text: str) -> None:
        for writer in self._writers:
            if not writer.is_closing():
                writer.write(text.encode("utf-8"))

    def drop_all(self) -> None:
        """Close every connection after what was printed so far."""
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    async def close(self) -> None:
        self.drop_all()
        if self._server is not None:
            self._server.close()
        if self._serving:
            await asyncio.wait(self._serving, timeout=1)
