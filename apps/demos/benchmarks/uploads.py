"""What an upload of 200 MB costs: throughput beside a bare copy on the same disk, and the web process's memory.

The web process is a real one with a home of its own. The sender is another process, which speaks tus as the browser
does: parts of 64 MB, each a PATCH. The bare copy reads and writes the same file in the same process that sends, and
waits as the upload does until it is on the disk. By turns, and the best of each counts.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from apps.core.children import BASE_DIR
from apps.demos.parsing.reading.header import MAGIC

MB = 1024 * 1024
SIZE = 200 * MB
RUNS = 3
SIGN_IN = """
from django.test import Client
from apps.core.models import User
from django.urls import reverse
user = User.objects.create_superuser("bench", password=None)
client = Client(SERVER_NAME="localhost")
client.force_login(user)
client.get(reverse("core:password"))
print(client.cookies["sessionid"].value, client.cookies["csrftoken"].value)
"""
SENDER = """
import http.client, json, os, sys, time
port, session, token, path, way = sys.argv[1:]
size = os.path.getsize(path)
same = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token, "Tus-Resumable": "1.0.0"}

def ask(method, url, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), blocksize=1024 * 1024)
    connection.request(method, url, body, {**same, **headers})
    answer = connection.getresponse()
    answer.read()
    assert answer.status < 400, answer.status
    return answer

class Part:
    def __init__(self, file, left):
        self.file, self.left = file, left
    def read(self, most):
        data = self.file.read(min(most, self.left))
        self.left -= len(data)
        return data

def tus():
    answer = ask("POST", "/uploads/", **{"Upload-Length": str(size)})
    url, at = answer.headers["Location"], 0
    with open(path, "rb") as file:
        while at < size:
            count = min(64 * 1024 * 1024, size - at)
            about = {"Upload-Offset": str(at), "Content-Length": str(count)}
            ask("PATCH", url, Part(file, count), **about, **{"Content-Type": "application/offset+octet-stream"})
            at += count

def form():
    line = "xxboundaryxx"
    head = (f"--{line}\\r\\nContent-Disposition: form-data; name=recordings; filename=a.dem\\r\\n"
            "Content-Type: application/octet-stream\\r\\n\\r\\n").encode()
    tail = f"\\r\\n--{line}--\\r\\n".encode()
    def body():
        yield head
        with open(path, "rb") as file:
            while data := file.read(1024 * 1024):
                yield data
        yield tail
    about = {"Content-Length": str(len(head) + size + len(tail)), "Accept": "application/json"}
    ask("POST", "/demos/upload/", body(), **about, **{"Content-Type": f"multipart/form-data; boundary={line}"})

def copy():
    with open(path, "rb") as source, open(path + ".copy", "wb") as target:
        while data := source.read(1024 * 1024):
            target.write(data)
        target.flush()
        os.fsync(target.fileno())
    os.remove(path + ".copy")

started = time.perf_counter()
{"tus": tus, "form": form, "copy": copy}[way]()
print(json.dumps(time.perf_counter() - started))
"""


@dataclass
class Web:
    """A web process and the memory it used at most while somebody watched, in bytes."""

    port: int
    process: psutil.Process
    session: str
    token: str
    home: Path
    peak: int = field(default=0)

    @property
    def memory(self) -> int:
        return int(self.process.memory_info().rss)

    @contextmanager
    def watched(self) -> Iterator[None]:
        over = threading.Event()

        def look() -> None:
            while not over.wait(0.005):
                self.peak = max(self.peak, self.memory)

        self.peak = self.memory
        thread = threading.Thread(target=look)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def run(say: Callable[[str], object]) -> None:
    """Copy, upload by tus and by a plain form, by turns."""
    with tempfile.TemporaryDirectory(prefix="chimera-uploads-") as folder, _web(Path(folder)) as web:
        times: dict[str, list[float]] = {"copy": [], "tus": [], "form": []}
        grown: dict[str, int] = {"copy": 0, "tus": 0, "form": 0}
        _send(web, _file(web.home, 4 * MB), "tus")  # everything is loaded
        for _ in range(RUNS):
            for way in times:
                path, before = _file(web.home, SIZE), web.memory
                with web.watched():
                    times[way].append(_send(web, path, way))
                grown[way] = max(grown[way], web.peak - before)
                path.unlink()
        rate = {way: SIZE / MB / min(took) for way, took in times.items()}
        for way, name in (("copy", "bare copy"), ("tus", "upload (tus)"), ("form", "upload (plain form)")):
            part = "" if way == "copy" else f", {rate[way] / rate['copy']:.0%} of the copy"
            grew = "" if way == "copy" else f"; the web process grew by at most {grown[way] / MB:.0f} MB"
            say(f"{name}, {SIZE // MB} MB: {rate[way]:.0f} MB/s{part}{grew}")
        say(f"web process: {web.memory / MB:.0f} MB")


def _file(folder: Path, size: int) -> Path:
    """A file that passes the door; never the same twice."""
    path = folder / f"{secrets.token_hex(4)}.dem"
    with path.open("wb") as file:
        file.write(MAGIC + bytes(8))
        for _ in range(size // MB):
            file.write(os.urandom(MB))
    return path


def _send(web: Web, path: Path, way: str) -> float:
    """Seconds until the server had answered."""
    arguments = [str(web.port), web.session, web.token, str(path), way]
    sender = subprocess.run([sys.executable, "-c", SENDER, *arguments], check=True, stdout=subprocess.PIPE, timeout=300)
    return float(json.loads(sender.stdout))


@contextmanager
def _web(home: Path) -> Iterator[Web]:
    environment = {**os.environ, "CHIMERA_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'db.sqlite3'}"}
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=BASE_DIR, env=environment, check=True)
    signed = subprocess.run(
        [*manage, "shell", "-v0", "-c", SIGN_IN], cwd=BASE_DIR, env=environment, check=True, stdout=subprocess.PIPE
    )
    session, token = signed.stdout.decode().split()[-2:]
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    options = ["--port", str(port), "--no-access-log", "--log-level", "critical"]
    child = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "chimera_site.asgi:application", *options],
        cwd=BASE_DIR,
        env={**environment, "LOG_LEVEL": "CRITICAL"},
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/health/")
        yield Web(port, psutil.Process(child.pid), session, token, home)
    finally:
        child.terminate()
        child.wait()


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError), urllib.request.urlopen(url, timeout=2):  # noqa: S310  (our own address)
            return
        time.sleep(0.1)
    raise TimeoutError(f"{url} did not answer")
