"""Taking a recording's data away as a file."""

import tempfile

from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.demos.exports.formats import FORMATS
from apps.demos.models import Demo
from apps.demos.selectors import exporting


@require_GET
@role_required(Role.VIEWER)
def export(request: HttpRequest, demo_id: int, kind: str) -> FileResponse:
    """What was read from a recording, in one of ``exports.formats.FORMATS``; the recording's file is not needed."""
    row = Demo.objects.select_related("event").prefetch_related("tags").filter(pk=demo_id).first()
    chosen = FORMATS.get(kind)
    if row is None or chosen is None or not row.is_ready:
        raise Http404("There is nothing to export: the recording is not here, not imported yet, or the format unknown.")
    subject = exporting.subject(row)
    file = tempfile.TemporaryFile()  # noqa: SIM115 – the response closes it
    try:
        chosen.write(subject, file)
        file.seek(0)
    except BaseException:
        file.close()
        raise
    name = f"{subject.stem}{chosen.ending}"
    return FileResponse(file, as_attachment=True, filename=name, content_type=chosen.content_type)
