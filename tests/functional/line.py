"""A line between browser and site that is slow, and can be cut and mended."""

import contextlib
import socket
import struct
import threading
import time
from collections.abc import Iterator

PIECE = 16 * 1024


class Line:
    """A TCP proxy on a port of its own; ``rate`` limits what goes to the site, in bytes a second (0: no limit)."""

    def __init__(self, port: int) -> None:
        self.rate = 0
        self._site = port
        self._whole = True
        self._open: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self._door.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 * PIECE)  # or much is under way that shows as sent
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """End every connection, and take none until it is mended."""
        self._whole = False
        for one in list(self._open):
            with contextlib.suppress(OSError):  # a reset, which nobody can overlook
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        self._whole = True

    def close(self) -> None:
        self.cut()
        self._door.close()

    def _listen(self) -> None:
        while self._door.fileno() >= 0:
            with contextlib.suppress(OSError):
                near, _ = self._door.accept()
                self._join(near)

    def _join(self, near: socket.socket) -> None:
        if not self._whole:
            near.close()
            return
        try:
            far = socket.create_connection(("127.0.0.1", self._site))
        except OSError:
            near.close()
            return
        self._open |= {near, far}
        for source, target, slow in ((near, far, True), (far, near, False)):
            threading.Thread(target=self._pump, args=(source, target, slow), daemon=True).start()
        if not self._whole:  # cut meanwhile
            self.cut()

    def _pump(self, source: socket.socket, target: socket.socket, slow: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(PIECE):
                target.sendall(data)
                if slow and self.rate:
                    time.sleep(len(data) / self.rate)
        for one in (source, target):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        self._open.discard(source)
        source.close()


@contextlib.contextmanager
def line_to(url: str) -> Iterator[Line]:
    """A line to the site at ``url``, gone afterwards."""
    line = Line(int(url.rpartition(":")[2]))
    try:
        yield line
    finally:
        line.close()
