"""The pictures themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import condition, require_GET

from apps.captures.models import Screenshot
from apps.captures.services.thumbnails import thumbnail
from apps.core import storage
from apps.core.roles import Role, role_required


def _etag(request: HttpRequest, screenshot_id: int) -> str | None:
    sha256 = Screenshot.objects.filter(pk=screenshot_id).values_list("sha256", flat=True).first()
    return f'"{sha256}{"-small" if "small" in request.GET else ""}"' if sha256 else None


@require_GET
@role_required(Role.VIEWER)
@condition(etag_func=_etag)
def frame(request: HttpRequest, screenshot_id: int) -> HttpResponse:
    """A frame as JPEG; with ``?small`` its thumbnail. A frame never changes, so browsers may keep it."""
    row = get_object_or_404(Screenshot, pk=screenshot_id)
    try:
        data = thumbnail(row) if "small" in request.GET else storage.read_bytes(row.image)
    except FileNotFoundError as error:
        raise Http404("The picture of this frame is not in storage any more; its label is.") from error
    response = HttpResponse(data, content_type="image/jpeg")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'"
    return response
