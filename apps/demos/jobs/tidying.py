"""Housekeeping of uploads: those nobody came back to, those a stopped process left half-way, files without a row."""

import time
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db.models import F, Q
from django.utils import timezone

from apps.core.models import JobStatus
from apps.demos.jobs import receiving
from apps.demos.models import Upload, UploadStatus
from apps.demos.services import uploading

STRANDED_AFTER = timedelta(minutes=1)
STRAY_AFTER = timedelta(days=1)
OVER = (UploadStatus.DONE, UploadStatus.EXPIRED)


def tidy_uploads() -> None:
    """One round; each step may be repeated at any time."""
    expire()
    settle_stranded()
    Upload.objects.filter(status__in=OVER, touched_at__lt=timezone.now() - uploading.FORGET_AFTER).delete()
    remove_strays()


def expire() -> int:
    """Drop uploads that were not gone on with, and archives whose unpacking was stopped and not taken up again."""
    abandoned = Q(status=UploadStatus.RECEIVING) | Q(
        status=UploadStatus.COMPLETE, job__status__in=[JobStatus.FAILED, JobStatus.ERRORED, JobStatus.CANCELLED]
    )
    old = Upload.objects.filter(abandoned, touched_at__lt=timezone.now() - uploading.expiry())
    return sum(uploading.discard(upload) for upload in old)


def settle_stranded() -> int:
    """Take in whole uploads whose process ended before it could."""
    silent = Upload.objects.filter(touched_at__lt=timezone.now() - STRANDED_AFTER, offset=F("size"))
    for upload in silent.filter(status=UploadStatus.RECEIVING):
        receiving.complete(upload)
    return sum(receiving.settle(upload) for upload in silent.filter(status=UploadStatus.COMPLETE, job=None))


def remove_strays() -> int:
    """Delete old files of the uploads folder that belong to no upload: the rest of torn forms and killed processes."""
    before = time.time() - STRAY_AFTER.total_seconds()
    old = [path for path in uploading.folder().iterdir() if path.is_file() and path.stat().st_mtime < before]
    under_way = Upload.objects.exclude(status__in=OVER)
    wanted = {
        str(pk) for pk in under_way.filter(pk__in=filter(None, map(_upload_id, old))).values_list("pk", flat=True)
    }
    strays = [path for path in old if path.stem not in wanted]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _upload_id(path: Path) -> UUID | None:
    try:
        return UUID(path.stem)
    except ValueError:
        return None
