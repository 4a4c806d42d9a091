"""Recordings on their way in, and what became of them."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import File, Form, Router, Schema, UploadedFile

from apps.core.views import person
from apps.demos.api.demos import PROBLEMS
from apps.demos.jobs.receiving import receive
from apps.demos.models import DemoSource, Upload
from apps.demos.selectors import uploads as selectors

router = Router(tags=["Uploads"])


class Result(Schema):
    """`outcome`: imported, imported_with_warnings, salvaged, duplicate_of, rejected; queued while that is open."""

    name: str
    outcome: str
    message: str
    demo: int | None
    job: str | None
    warnings: list[str]


class UploadOut(Schema):
    id: str
    name: str
    size: int
    status: str
    results: list[Result]


@router.post("/uploads", response={201: UploadOut, **PROBLEMS}, url_name="upload")
def upload(
    request: HttpRequest, recording: File[UploadedFile], keep_raw: Form[bool] = False
) -> tuple[int, dict[str, Any]]:
    """Send a `.dem`, or one packed as `.gz .bz2 .zst .zip`, as the form field `recording`.

    The answer comes when the file is stored; its import goes on. `GET /api/uploads/{id}` says how it ended. For large
    files and bad connections use a tus client at `/uploads/` with the same token.
    """
    return 201, _shown(receive(recording, user=person(request), source=DemoSource.API, keep_raw=keep_raw))


@router.get("/uploads/{uuid:upload_id}", response={200: UploadOut, **PROBLEMS}, url_name="upload-state")
def state(request: HttpRequest, upload_id: UUID) -> dict[str, Any]:
    """What became of an upload of yours."""
    row = Upload.objects.filter(pk=upload_id, user=person(request)).first()
    if row is None:
        raise Http404("You have no such upload; it may have run out.")
    return _shown(row)


def _shown(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "name": upload.name,
        "size": upload.size,
        "status": upload.status,
        "results": [
            {
                "name": one.name,
                "outcome": one.outcome,
                "message": one.message,
                "demo": one.demo.pk if one.demo else None,
                "job": str(one.job.pk) if one.job else None,
                "warnings": one.warnings,
            }
            for one in selectors.outcomes(upload)
        ],
    }
