"""Taking a recording away: its file alone, or with everything that was made from it here."""

from django.db import transaction
from django.utils import timezone

from apps.core import storage
from apps.core.services import ledger
from apps.demos.models import Demo, DemoStatus
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import state


@transaction.atomic
def remove(demo: Demo) -> None:
    """Delete the row, then the files, before anybody else can upload the same content again.

    Files go inside the transaction: an upload of the same content waits at the unique hash until this is over. A
    process killed half-way leaves a row whose removal can be repeated. Where the row is gone
    already the files stay: the same content may have been uploaded again.

    Raises:
        django.db.models.ProtectedError: something that must not be lost was made from it.
    """
    topic_id = demo.pk
    _, rows = Demo.objects.filter(pk=demo.pk).delete()
    if rows.get(Demo._meta.label):
        remove_files(demo)
        state.tell(topic_id)


def withdraw(demo: Demo) -> None:
    """:func:`remove` on a person's word: an import that is still under way is stopped."""
    remove(demo)
    if demo.job is not None and not demo.job.is_over:
        ledger.request_cancel(demo.job)


@transaction.atomic
def remove_recording(demo: Demo) -> bool:
    """Delete the recording's file and keep everything that was read from it.

    Returns:
        Whether this call did it: False while the recording is being imported, and where the file was gone before.
    """
    ready = Demo.objects.select_for_update(of=("self",)).select_related("job").filter(status=DemoStatus.READY)
    row = ready.filter(pk=demo.pk).exclude(recording="").first()
    if row is None or (row.job is not None and not row.job.is_over):
        return False
    Demo.objects.filter(pk=row.pk).update(recording="", recording_deleted_at=timezone.now())
    storage.remove(row.recording)
    state.tell(row.pk)
    return True


def remove_files(demo: Demo) -> None:
    """Delete the recording and its tables from storage."""
    remove_other_tables(demo, set())
    storage.remove(demo.recording)


def remove_other_tables(demo: Demo, kept: set[str]) -> None:
    """Delete the files of ``demo`` that are not in ``kept``: leftovers of an earlier import."""
    _remove_below(artefact_prefix(demo.sha256), kept)


def remove_other_packs(demo: Demo, kept: set[str]) -> None:
    """Delete the packs of ``demo`` that are not in ``kept``."""
    _remove_below(f"{artefact_prefix(demo.sha256)}/packs", kept)


def _remove_below(folder: str, kept: set[str]) -> None:
    try:
        folders, names = storage.artefacts().listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        if f"{folder}/{name}" not in kept:
            storage.remove(f"{folder}/{name}")
    for name in folders:
        _remove_below(f"{folder}/{name}", kept)
    if not any(name.startswith(f"{folder}/") for name in kept):
        storage.remove(folder)
