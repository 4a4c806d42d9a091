"""Reads of what came in: unfinished uploads, and what became of each recording in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.models import Job, JobStatus, User
from apps.core.roles import Role, has_role
from apps.demos.models import Demo, Upload, UploadStatus

TALKED_ABOUT = timedelta(minutes=30)  # how long a page shows what came of an upload
REMEMBERED = timedelta(days=7)  # how long it tells what could not be imported, unless a person dismisses it
LOOKED_AT = 200  # uploads, the newest
UNHAPPY = (JobStatus.FAILED, JobStatus.ERRORED, JobStatus.CANCELLED)
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


@dataclass(frozen=True)
class NotImported:
    """A recording that could not be imported: entry ``number`` of an upload's results."""

    upload: UUID
    number: int
    outcome: Outcome
    at: datetime


def not_imported(user: User) -> list[NotImported]:
    """What of a person's uploads could not be imported and was not dismissed, newest first, in three queries.

    Admins see those that came without a person, too: by the command line and the watched folder.
    """
    whose = Q(user=user) | Q(user=None) if has_role(user, Role.ADMIN) else Q(user=user)
    done = Upload.objects.filter(whose, status=UploadStatus.DONE, touched_at__gt=timezone.now() - REMEMBERED)
    rows = done.only("results", "created_at").order_by("-created_at")[:LOOKED_AT]
    entries = [
        (upload, number, entry)
        for upload in rows
        for number, entry in enumerate(upload.results)
        if entry["outcome"] in ("rejected", "queued") and not entry.get("dismissed")
    ]
    ids = {entry["job"] for _, _, entry in entries if entry["outcome"] == "queued" and entry.get("job")}
    jobs = {str(job.pk): job for job in Job.objects.filter(pk__in=ids, status__in=UNHAPPY)}
    known = [entry["demo"] for _, _, entry in entries if entry.get("job") in jobs and entry.get("demo")]
    demos = Demo.objects.select_related("job").defer("search_text", "notes").in_bulk(known)
    found = []
    for upload, number, entry in entries:
        job = jobs.get(str(entry.get("job")))
        demo = demos.get(entry.get("demo")) if job is not None else None
        deleted = demo is None and job is not None and job.status != JobStatus.FAILED
        if deleted or (entry["outcome"] == "queued" and job is None):
            continue
        outcome = _outcome(entry, demo, job)
        if outcome.outcome in ("rejected", "failed"):
            found.append(NotImported(upload.pk, number, outcome, upload.created_at))
    return found


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
