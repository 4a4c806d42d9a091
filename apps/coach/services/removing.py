"""What goes with an analysis: its frame.

Analyses go with the person who asked, and that deletion begins in another app; only the signal hears of it.
"""

from django.db import transaction

from apps.coach.models import Analysis
from apps.core import storage


def remove_frame(sender: object, instance: Analysis, **kwargs: object) -> None:
    """Delete the frame of a deleted analysis, once the deletion is committed."""
    transaction.on_commit(lambda: storage.remove(instance.image))
