"""Worker processes that begin at once: one process has started as ``manage.py`` does, and forks for each of them.

Starting Python with Django and the libraries takes longer than most jobs of the tests. What is forked is what
``manage.py rqworker`` is once it has started: a process of its own, with its own connections, that can be killed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Workers:
    """Forks workers of one environment (that of the database, Redis and files of a test run)."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.workers"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, queue: str, *options: str) -> "Worker":
        return Worker(self, self.ask(queue, *options))

    def ask(self, *words: str | int) -> int:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(words) + "\n")
        self._server.stdin.flush()
        return int(self._server.stdout.readline())

    def close(self) -> None:
        self._server.communicate()


class Worker:
    """A running worker; used like a ``Popen``."""

    def __init__(self, workers: Workers, pid: int) -> None:
        self._workers, self.pid = workers, pid
        self._status: int | None = None

    def poll(self) -> int | None:
        if self._status is None and (status := self._workers.ask(self.pid)) != STILL_THERE:
            self._status = status
        return self._status

    def wait(self, timeout: float = 600.0) -> int:
        """The exit code, negative after a signal, as of a ``Popen``."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("rqworker", timeout)
            time.sleep(0.01)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


STILL_THERE = 1000


def _become_worker(arguments: list[str]) -> None:
    """The rest of ``manage.py rqworker``, in the forked process; does not return."""
    from django.core.management import execute_from_command_line

    status = 1
    try:
        os.setsid()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        os.dup2(2, 1)  # the answers' pipe is not a worker's
        execute_from_command_line(["manage.py", "rqworker", *arguments])
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def serve() -> None:
    """Fork for each line of arguments and answer with the process number; answer a number with how that one ended."""
    import django
    from django.conf import settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chimera_site.settings")
    django.setup()
    for name in (settings.ROOT_URLCONF, "django_rq.management.commands.rqworker"):  # what the command imports
        import_module(name)
    for line in sys.stdin:
        words = json.loads(line)
        if isinstance(words[0], int):
            pid, status = os.waitpid(words[0], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else STILL_THERE
        else:
            answer = os.fork() or _become_worker(words) or 0
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
