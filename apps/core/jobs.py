"""What a worker runs: ``perform(job_id)`` claims the row, calls the function, and writes down how it ended."""

import logging
import signal
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from uuid import UUID

from django.db import connection

from apps.core.models import Job, JobStatus
from apps.core.services import ledger
from apps.core.services.enqueueing import resolve

logger = logging.getLogger(__name__)
REPORT_EVERY_S = 0.25
INTERRUPTED = "Stopped together with the worker."


class JobFailed(Exception):
    """An expected end: the message is shown to the person as it stands.

    ``final`` says that trying again would come to the same end, so that nobody is offered to.
    """

    def __init__(self, message: str, *, final: bool = False) -> None:
        super().__init__(message)
        self.final = final


class JobErrored(Exception):
    """An unexpected end of which more can be said than that something broke: the message is shown as it stands."""


class JobCancelled(Exception):
    """Somebody pressed cancel, and the function stopped at a clean point."""


class JobInterrupted(JobCancelled):
    """The worker was told to stop: what a job does when cancelled is right here too."""


class JobRun:
    """What a job function sees of its own run."""

    def __init__(self, row: Job) -> None:
        self.row = row
        self._deadline = time.monotonic() + row.timeout_s
        self._lines: deque[str] = deque(maxlen=200)
        self._progress, self._message = 0.0, ""
        self._written_at = 0.0
        self._interrupted = False

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """The answer to SIGTERM. Raised once into whatever runs, where an ``except Exception`` may swallow it, so
        ``check`` raises it again.

        A connection to a server goes: a query it was waiting for would still be under way when the end is written down.
        """
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        self._interrupted = True
        if connection.vendor != "sqlite":
            connection.close()
        raise JobInterrupted(INTERRUPTED)

    @property
    def is_interrupted(self) -> bool:
        return self._interrupted

    def progress(self, fraction: float, message: str) -> None:
        """Show ``fraction`` (0..1) and a sentence; also the place where cancelling takes effect.

        Raises:
            JobCancelled: somebody asked for it.
            JobFailed: the job ran out of its time.
        """
        changed = message != self._message
        self._progress, self._message = fraction, message
        if changed or time.monotonic() - self._written_at > REPORT_EVERY_S:
            self._write()
            self.check()

    def log(self, line: str) -> None:
        """Add a line to the log tail."""
        self._lines.append(line.rstrip())

    @property
    def log_tail(self) -> str:
        return "\n".join(self._lines)

    def check(self) -> None:
        """Raise if the run should stop. See :meth:`progress`."""
        if self._interrupted:
            raise JobInterrupted(INTERRUPTED)
        state = Job.objects.filter(pk=self.row.pk).values("cancel_requested", "attempt", "status").first()
        if state is None or state["attempt"] != self.row.attempt or state["status"] != JobStatus.RUNNING:
            raise JobCancelled("This run was given up and taken over.")
        if state["cancel_requested"]:
            raise JobCancelled("Cancelled.")
        if time.monotonic() > self._deadline:
            raise JobFailed(f"Stopped after its limit of {self.row.timeout_s} s.")

    def _write(self) -> None:
        self._written_at = time.monotonic()
        ledger.report(self.row, progress=self._progress, message=self._message, log_tail=self.log_tail)


class _Heartbeat(threading.Thread):
    """Beats from a thread of its own, so that a long computation does not look like death."""

    def __init__(self, row: Job) -> None:
        super().__init__(daemon=True)
        self._row = row
        self._over = threading.Event()

    def run(self) -> None:
        try:
            while not self._over.wait(ledger.HEARTBEAT_EVERY.total_seconds()):
                try:
                    ledger.beat(self._row)
                except Exception:
                    logger.warning("A heartbeat of job %s was not written", self._row.pk, exc_info=True)
        finally:
            connection.close()

    def stop(self) -> None:
        self._over.set()
        self.join()


def perform(job_id: str) -> None:
    """RQ's door: run the job behind ``job_id`` once, whatever happens."""
    told: list[int] = []
    with _on_sigterm(lambda number, _: told.append(number)):  # how the job began and ended is written undisturbed
        row = ledger.claim(UUID(job_id))
        if row is None:
            logger.info("Job %s is not waiting any more", job_id)
            return
        run = JobRun(row)
        heartbeat = _Heartbeat(row)
        heartbeat.start()
        try:
            with _on_sigterm(run.interrupt):
                if told:
                    run.interrupt(told[0], None)
                end = _call(run)
        except JobInterrupted:
            end = None
        finally:
            heartbeat.stop()
        if end is None:
            _give_up(run)
        else:
            ledger.finish(row, *end, log_tail=run.log_tail)


def _give_up(run: JobRun) -> None:
    """The worker is being stopped: back in line if running twice does no harm, else say what happened."""
    if run.row.retry_safe:
        ledger.give_back(run.row)
    else:
        message = "Chimera was stopped while this ran. What it had stored was kept; start it again."
        ledger.finish(run.row, JobStatus.FAILED, message, log_tail=run.log_tail)


@contextmanager
def _on_sigterm(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Handle SIGTERM by ``handler`` inside; outside the main thread, where Python takes no signals, nothing changes."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before if before is not None else signal.SIG_DFL)


def _call(run: JobRun) -> tuple[JobStatus, str]:
    try:
        message = resolve(run.row.function)(run, **run.row.arguments)
        return JobStatus.SUCCEEDED, message or "Done."
    except JobInterrupted:
        raise
    except JobFailed as error:
        if error.final:
            ledger.rule_out_retry(run.row)
        return JobStatus.FAILED, str(error)
    except JobCancelled as error:
        return JobStatus.CANCELLED, str(error)
    except Exception as error:
        if run.is_interrupted:  # what was under way when the worker was told to stop broke over that
            raise JobInterrupted(INTERRUPTED) from error
        logger.exception("Job %s broke", run.row.pk)
        run.log(traceback.format_exc())
        if isinstance(error, JobErrored):
            return JobStatus.ERRORED, str(error)
        return JobStatus.ERRORED, "Something broke that should not have. The log has the details; nothing was lost."
