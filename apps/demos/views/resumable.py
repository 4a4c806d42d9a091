"""Resumable uploads by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload): core, creation,
expiration, termination, checksum.

What is refused is refused with a sentence in the body. Under ASGI the bytes of a PATCH do not come through here: see
``apps.demos.streaming``, which lets these views decide and then writes the stream itself.
"""

import base64
from collections.abc import Callable
from functools import wraps
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import http_date

from apps.core.roles import Role, has_role
from apps.core.views import person
from apps.demos.jobs import receiving
from apps.demos.models import DemoSource, Upload, UploadStatus
from apps.demos.parsing.reading.header import Rejected
from apps.demos.selectors import uploads as selectors
from apps.demos.services import appending, uploading
from apps.demos.services.appending import TICKET, Appending, Refused, Ticket

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination,checksum"
BYTES = "application/offset+octet-stream"
MAX_METADATA = 8192  # bytes
SIGN_IN = "You are signed out. Sign in again; the upload goes on where it stopped."
NO_ROLE = "Uploading is for people with the role “viewer” or above."
View = Callable[..., HttpResponse]


def tus(view: View) -> View:
    """What holds for every request of the protocol: who may, which version, and how refusals look."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if not request.user.is_authenticated:
            return answer(401, SIGN_IN)
        if not has_role(request.user, Role.VIEWER):
            return answer(403, NO_ROLE)
        if request.method == "POST" and "X-HTTP-Method-Override" in request.headers:
            request.method = request.headers["X-HTTP-Method-Override"].upper()
        if request.method not in ("OPTIONS", "GET") and request.headers.get("Tus-Resumable") != VERSION:
            return answer(412, f"Uploads go by version {VERSION} of the tus protocol.", {"Tus-Version": VERSION})
        try:
            return view(request, *args, **kwargs)
        except Refused as refusal:
            return refused(refusal)
        except Http404:
            return answer(404, appending.GONE)

    return cast("View", login_not_required(guarded))


def answer(status: int, sentence: str = "", headers: dict[str, str] | None = None) -> HttpResponse:
    """A response of the protocol."""
    fixed = {"Tus-Resumable": VERSION, "Cache-Control": "no-store"}
    response = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    for name, value in {**fixed, **(headers or {})}.items():
        response.headers[name] = value
    return response


@tus
def collection(request: HttpRequest) -> HttpResponse:
    """OPTIONS: what this server can. POST: begin an upload. GET: a page's list of what is under way."""
    if request.method == "OPTIONS":
        limits = {"Tus-Max-Size": str(settings.MAX_DEMO_BYTES), "Tus-Checksum-Algorithm": ",".join(appending.CHECKSUMS)}
        return answer(204, headers={"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS, **limits})
    if request.method == "GET":
        rows = {"unfinished": selectors.unfinished(person(request)), "recent": selectors.recent(person(request))}
        return render(request, "demos/upload_list.html", rows)
    if request.method == "POST":
        return _create(request)
    return _not_offered("OPTIONS, POST, GET")


@tus
def one(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """HEAD: how far it is. PATCH: more bytes. DELETE: discard it. GET: what came of it, for the page."""
    if request.method == "PATCH":
        return _append(request, upload_id)
    if request.method == "OPTIONS":
        return answer(204, headers={"Tus-Version": VERSION, "Tus-Extension": EXTENSIONS})
    upload = get_object_or_404(Upload.objects.select_related("job"), pk=upload_id, user=person(request))
    receiving.complete(upload)  # where the process ended after the last bytes, and before more came of them
    if request.method == "GET":
        about = {"upload": upload, "outcomes": selectors.outcomes(upload), "is_open": selectors.is_open(upload)}
        return render(request, "demos/upload_state.html", about)
    if request.method == "HEAD":
        return _state(upload)
    if request.method == "DELETE":
        if not uploading.discard(upload):
            return answer(410, appending.GONE)
        return answer(204)
    return _not_offered("OPTIONS, HEAD, PATCH, DELETE, GET")


def appended(upload: Upload) -> HttpResponse:
    """After bytes were added: a whole upload goes on into the library."""
    receiving.complete(upload)
    return answer(204, headers={"Upload-Offset": str(upload.offset), **_expires(upload)})


def refused(refusal: Refused) -> HttpResponse:
    headers = {} if refusal.offset is None else {"Upload-Offset": str(refusal.offset)}
    return answer(refusal.status, str(refusal), headers)


def _create(request: HttpRequest) -> HttpResponse:
    size = _number(request, "Upload-Length")
    name = _metadata(request.headers.get("Upload-Metadata", "")).get("filename", b"").decode("utf-8", "replace")
    source = DemoSource.API if "Authorization" in request.headers else DemoSource.UPLOAD
    try:
        upload = uploading.begin(person(request), name or "recording.dem", size, source=source)
    except Rejected as refusal:
        return answer(413, str(refusal))
    except uploading.TooMany as refusal:
        return answer(429, str(refusal))
    except uploading.NoRoom as refusal:
        return answer(507, str(refusal))
    if size == 0:
        appended(upload)
    there = reverse("demos:upload-one", args=[upload.pk])
    return answer(201, headers={"Location": there, **_expires(upload)})


def _append(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    if request.content_type != BYTES:
        return answer(415, f"Bytes come as {BYTES}.")
    length = request.headers.get("Content-Length")
    given = int(length) if length and length.isdigit() else None
    checksum = request.headers.get("Upload-Checksum", "")
    right = appending.begin(upload_id, person(request), _number(request, "Upload-Offset"), given, checksum)
    ticket: Ticket | None = getattr(request, "scope", {}).get(TICKET)
    if ticket is not None:
        ticket.right = right
        return answer(204)
    return _write(request, right)


def _write(request: HttpRequest, right: Appending) -> HttpResponse:
    """Take the bytes from the request itself: without ASGI."""
    try:
        while chunk := request.read(1024 * 1024):
            right.write(chunk)
        upload = right.finish()
    except (Refused, OSError) as error:
        if not isinstance(error, Refused) or error.status == 507:
            right.keep_what_came()
        raise
    finally:
        right.release()
    return appended(upload)


def _state(upload: Upload) -> HttpResponse:
    if upload.status == UploadStatus.EXPIRED:
        return answer(410, appending.GONE)
    name = base64.b64encode(upload.name.encode()).decode()
    about = {"Upload-Length": str(upload.size), "Upload-Metadata": f"filename {name}"}
    return answer(200, headers={"Upload-Offset": str(upload.offset), **about, **_expires(upload)})


def _expires(upload: Upload) -> dict[str, str]:
    if upload.status != UploadStatus.RECEIVING:
        return {}
    return {"Upload-Expires": http_date((upload.touched_at + uploading.expiry()).timestamp())}


def _number(request: HttpRequest, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Refused(400, f"{header} must be a whole number of bytes.")
    return int(text)


def _metadata(text: str) -> dict[str, bytes]:
    """The pairs of an Upload-Metadata header: names, and values in base64."""
    if len(text) > MAX_METADATA:
        raise Refused(400, "Upload-Metadata is too long.")
    pairs = [pair.strip().partition(" ") for pair in text.split(",") if pair.strip()]
    try:
        return {name: base64.b64decode(value.strip(), validate=True) for name, _, value in pairs}
    except ValueError:
        raise Refused(400, "Upload-Metadata is not written as the protocol says.") from None


def _not_offered(methods: str) -> HttpResponse:
    return answer(405, "This is not how uploads go.", {"Allow": methods})
