"""Reads for the library: the recordings, and the imports under way."""

from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.models import Job, JobStatus, User
from apps.demos.models import Demo

IMPORT_JOB = "apps.demos.jobs.importing.import_demo"
SAMPLE_JOB = "apps.demos.jobs.samples.make_sample"
RECENT = timedelta(hours=24)


def library() -> QuerySet[Demo]:
    """All recordings, newest first."""
    return Demo.objects.select_related("uploaded_by", "job").order_by("-uploaded_at", "-pk")


def current_imports() -> list[Job]:
    """Imports a person wants to see above the list: waiting, running, and those that did not work out today."""
    jobs = Job.objects.filter(function__in=[IMPORT_JOB, SAMPLE_JOB]).select_related("created_by")
    moving = Q(status__in=[JobStatus.QUEUED, JobStatus.RUNNING])
    unhappy = Q(status__in=[JobStatus.FAILED, JobStatus.ERRORED, JobStatus.CANCELLED])
    return list(jobs.filter(moving | unhappy & Q(created_at__gt=timezone.now() - RECENT))[:8])


def samples_under_way(user: User) -> QuerySet[Job]:
    """Sample matches of this person that wait or are being made."""
    moving = [JobStatus.QUEUED, JobStatus.RUNNING]
    return Job.objects.filter(function=SAMPLE_JOB, created_by=user, status__in=moving)


def sample_of(job: Job) -> Demo | None:
    """The recording a sample job made, once it is there."""
    return Demo.objects.filter(job=job).first()
