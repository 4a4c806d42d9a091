"""A stored recording gets its row and its import."""

from typing import Any

from apps.demos.jobs.importing import enqueue_import
from apps.demos.models import Demo, DemoSource, Upload
from apps.demos.services import importing, keeping, uploading
from apps.demos.services.keeping import KeptFile

QUEUED = "Stored; the import is queued."


def take_in(kept: KeptFile, upload: Upload, name: str) -> dict[str, Any]:
    """Register a stored recording and queue its import; call inside a transaction. What to say of it."""
    source = DemoSource(upload.source)
    archive = "" if name == upload.name else keeping.printable(upload.name)
    was_deleted = Demo.objects.filter(sha256=kept.sha256, recording="").exists()
    demo, needs_import = keeping.register(
        kept, user=upload.user, source=source, keep_raw=upload.keep_raw, found_in=archive
    )
    if not needs_import:
        same = f"Already here as “{demo.original_name}”: the content is the same."
        if was_deleted:
            same += " Its recording had been deleted; now it is back."
        return uploading.result(name, "duplicate_of", same, demo=demo.pk)
    job = enqueue_import(demo, user=upload.user)
    importing.attach(demo, job)
    return uploading.result(name, "queued", QUEUED, demo=demo.pk, job=job)
