"""What goes with a frame's row: its file.

Analyses go with the person who asked, and that deletion begins in another app; only the signal hears of it.
"""

from django.db import transaction

from apps.coach.models import Frame
from apps.core import storage


def remove_file(sender: object, instance: Frame, **kwargs: object) -> None:
    """Delete the file of a deleted frame, once the deletion is committed."""
    transaction.on_commit(lambda: storage.remove(instance.image))
