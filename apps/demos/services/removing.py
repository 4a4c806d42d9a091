"""Taking a recording away with everything that was made from it here."""

from django.db import transaction

from apps.core import storage
from apps.core.services import ledger
from apps.demos.models import Demo
from apps.demos.selectors.recordings import artefact_prefix
from apps.demos.services import state


@transaction.atomic
def remove(demo: Demo) -> None:
    """Delete the row, then the files, before anybody else can upload the same content again.

    Files go inside the transaction: an upload of the same content waits at the unique hash until this is over. A
    process killed half-way leaves a row whose removal can be repeated.

    Raises:
        django.db.models.ProtectedError: something that must not be lost was made from it.
    """
    topic_id = demo.pk
    Demo.objects.filter(pk=demo.pk).delete()
    remove_files(demo)
    state.tell(topic_id)


def withdraw(demo: Demo) -> None:
    """:func:`remove` on a person's word: an import that is still under way is stopped."""
    remove(demo)
    if demo.job is not None and not demo.job.is_over:
        ledger.request_cancel(demo.job)


def remove_files(demo: Demo) -> None:
    """Delete the recording and its tables from storage."""
    remove_other_tables(demo, set())
    storage.remove(demo.recording)


def remove_other_tables(demo: Demo, kept: set[str]) -> None:
    """Delete the tables of ``demo`` that are not in ``kept``: leftovers of an earlier import."""
    prefix = artefact_prefix(demo.sha256)
    try:
        names = storage.artefacts().listdir(prefix)[1]
    except FileNotFoundError:
        return
    for name in names:
        if f"{prefix}/{name}" not in kept:
            storage.remove(f"{prefix}/{name}")
    if not kept:
        storage.remove(prefix)
