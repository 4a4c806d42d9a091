"""Hints over the channel layer: "this changed, look again".

The database holds the truth; a lost hint costs a moment.
"""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from apps.core.roles import Role

logger = logging.getLogger(__name__)

# What a browser may listen to: prefix of a topic → the least role. Apps add theirs in AppConfig.ready.
TOPIC_ROLES: dict[str, Role] = {"job": Role.VIEWER}


def group_name(topic: str) -> str:
    """Channel group names allow no colons."""
    return f"topic.{topic.replace(':', '.')}"


def hint(topic: str) -> None:
    """Tell whoever looks at ``topic`` to look again, once the current transaction is committed."""
    transaction.on_commit(lambda: _send(topic))


def _send(topic: str) -> None:
    layer = get_channel_layer()
    assert layer is not None  # settings always name one
    try:
        async_to_sync(layer.group_send)(group_name(topic), {"type": "hint", "topic": topic})
    except Exception:
        # A page that misses a hint re-reads on its next poll; the work itself must not fail for it.
        logger.warning("The hint for %s was not sent", topic, exc_info=True)
