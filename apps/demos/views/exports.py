"""Taking a recording's data away as a file."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator
from typing import IO

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.demos.exports.formats import FORMATS
from apps.demos.models import Demo
from apps.demos.selectors import exporting

CHUNK = 256 * 1024


@require_GET
@role_required(Role.VIEWER)
def export(request: HttpRequest, demo_id: int, kind: str) -> StreamingHttpResponse:
    """What was read from a recording, in one of ``exports.formats.FORMATS``; the recording's file is not needed."""
    row = Demo.objects.select_related("event").prefetch_related("tags").filter(pk=demo_id).first()
    chosen = FORMATS.get(kind)
    if row is None or chosen is None or not row.is_ready:
        raise Http404("There is nothing to export: the recording is not here, not imported yet, or the format unknown.")
    subject = exporting.subject(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – closed when it was sent
    try:
        chosen.write(subject, file)
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    name = content_disposition_header(as_attachment=True, filename=f"{subject.stem}{chosen.ending}")
    headers = {"Content-Length": str(size), "Content-Disposition": name or "attachment"}
    return StreamingHttpResponse(_pieces(file), content_type=chosen.content_type, headers=headers)


async def _pieces(file: IO[bytes]) -> AsyncIterator[bytes]:
    """The file piece by piece: Django would read one that is not asynchronous into memory as a whole."""
    try:
        while piece := await asyncio.to_thread(file.read, CHUNK):
            yield piece
    finally:
        file.close()
