"""Long work: how far it is, and stopping it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from ninja import Query, Router, Schema

from apps.core import selectors
from apps.core.models import Job
from apps.core.services import ledger
from apps.core.views import person
from apps.demos.api.demos import PROBLEMS
from apps.demos.api.schemas import JobFilter

router = Router(tags=["Jobs"])


class JobOut(Schema):
    id: UUID
    title: str
    status: str
    progress: float
    message: str
    created_at: datetime
    finished_at: datetime | None


@router.get("/jobs", response={200: list[JobOut], **PROBLEMS}, url_name="jobs")
def jobs(request: HttpRequest, filters: Query[JobFilter]) -> "QuerySet[Job]":
    """The newest jobs."""
    rows = selectors.visible_jobs(person(request))
    return (rows.filter(status=filters.status) if filters.status else rows)[: filters.limit]


@router.get("/jobs/{uuid:job_id}", response={200: JobOut, **PROBLEMS}, url_name="job")
def job(request: HttpRequest, job_id: UUID) -> Job:
    """One job; `message` is the sentence of how it goes or how it ended."""
    return _job(request, job_id)


@router.post("/jobs/{uuid:job_id}/cancel", response={200: JobOut, **PROBLEMS}, url_name="job-cancel")
def cancel(request: HttpRequest, job_id: UUID) -> Any:
    """Stop a job of yours; twice does no harm."""
    row = _job(request, job_id)
    if not selectors.may_steer(person(request), row):
        raise PermissionDenied("Only the person who started a job, or an admin, may stop it.")
    ledger.request_cancel(row)
    return _job(request, job_id)


def _job(request: HttpRequest, job_id: UUID) -> Job:
    try:
        return selectors.job(person(request), job_id)
    except Job.DoesNotExist:
        raise Http404("There is no such job.") from None
