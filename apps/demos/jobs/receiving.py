"""Files that arrive: kept, registered, and their import queued."""

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.core.models import User
from apps.demos.jobs.importing import enqueue_import
from apps.demos.models import Demo
from apps.demos.services import importing, uploading


def receive(upload: UploadedFile, *, user: User) -> tuple[Demo, bool]:
    """Keep an uploaded recording and queue its import; the row, and whether it is new (or taken up again).

    Raises:
        apps.demos.parsing.header.Rejected: it is no recording; nothing was kept.
    """
    kept = uploading.keep_file(upload)
    with transaction.atomic():
        demo, needs_import = uploading.register(kept, user=user)
        if needs_import:
            importing.attach(demo, enqueue_import(demo, user=user))
    return demo, needs_import
