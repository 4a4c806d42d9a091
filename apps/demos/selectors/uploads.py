"""Reads of what came in: unfinished uploads, and what became of each recording in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.models import Job, JobStatus, User
from apps.demos.models import Demo, Upload, UploadStatus

TALKED_ABOUT = timedelta(minutes=30)  # how long a page shows what came of an upload
WORDS = {
    "imported": "Imported",
    "imported_with_warnings": "Imported with warnings",
    "salvaged": "Salvaged",
    "duplicate_of": "Duplicate",
    "rejected": "Rejected",
    "failed": "Stopped",
    "queued": "Importing",
}
TONES = {"imported": "good", "imported_with_warnings": "warn", "salvaged": "warn", "rejected": "bad", "failed": "bad"}


@dataclass(frozen=True)
class Outcome:
    """What became of one recording, as its demo and its job say now.

    ``outcome``: imported, imported_with_warnings, salvaged, duplicate_of, rejected; queued while that is open; failed
    where the import was stopped and can be tried again.
    """

    name: str
    outcome: str
    message: str
    demo: Demo | None = None
    job: Job | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def word(self) -> str:
        return WORDS[self.outcome]

    @property
    def tone(self) -> str:
        """The class of its badge."""
        return TONES.get(self.outcome, "quiet")

    @property
    def is_open(self) -> bool:
        return self.outcome == "queued"

    @property
    def url(self) -> str:
        return self.demo.get_absolute_url() if self.demo is not None else ""


def outcomes(upload: Upload) -> list[Outcome]:
    """What became of each recording in an upload; of an archive that is still unpacked, those taken out so far."""
    return _outcomes(upload.results)


def unfinished(user: User) -> QuerySet[Upload]:
    """A person's uploads that can be taken up again, oldest first."""
    return Upload.objects.filter(user=user, status=UploadStatus.RECEIVING).order_by("created_at")


def recent(user: User) -> list[Upload]:
    """A person's uploads of the last half hour of which more is to be said, oldest first."""
    since = timezone.now() - TALKED_ABOUT
    whole = Q(status__in=[UploadStatus.COMPLETE, UploadStatus.DONE], touched_at__gt=since)
    rows = Upload.objects.filter(whole, user=user).select_related("job").order_by("-created_at")[:50]
    return [upload for upload in reversed(list(rows)) if is_open(upload)]


def is_open(upload: Upload) -> bool:
    """Whether more is to be said of it: it is unpacked, or one of its recordings is being imported."""
    if upload.status == UploadStatus.COMPLETE:
        return upload.job is None or not upload.job.is_over
    return any(outcome.is_open for outcome in outcomes(upload))


def _outcomes(results: Iterable[dict[str, Any]]) -> list[Outcome]:
    results = list(results)
    demos = Demo.objects.in_bulk([entry["demo"] for entry in results if entry.get("demo")])
    jobs = Job.objects.in_bulk([entry["job"] for entry in results if entry.get("job")])
    by_id = {str(pk): job for pk, job in jobs.items()}
    return [_outcome(entry, demos.get(entry.get("demo")), by_id.get(str(entry.get("job")))) for entry in results]


def _outcome(entry: dict[str, Any], demo: Demo | None, job: Job | None) -> Outcome:
    name, said, message = entry["name"], entry["outcome"], entry["message"]
    if said != "queued":
        return Outcome(name, said, message, demo)
    if demo is None:
        refused = job is not None and job.status == JobStatus.FAILED
        return Outcome(name, "rejected", job.message if job and refused else "The recording was deleted.", None, job)
    job = demo.job or job
    if demo.is_ready:
        return Outcome(name, _kind(demo), _closing(demo, job), demo, job, list(demo.warnings))
    if job is not None and job.is_over:
        return Outcome(name, "failed", job.message, demo, job)
    return Outcome(name, "queued", message, demo, job)


def _kind(demo: Demo) -> str:
    if demo.missing_after_tick is not None:
        return "salvaged"
    return "imported_with_warnings" if demo.warnings else "imported"


def _closing(demo: Demo, job: Job | None) -> str:
    if job is not None and job.status == JobStatus.SUCCEEDED:
        return job.message.removeprefix("Imported: ")
    return f"{demo.map_name or 'Unknown map'}."
