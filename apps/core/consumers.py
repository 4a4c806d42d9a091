"""One socket a page opens to learn that something it shows has changed; and what all sockets share."""

import logging
import re
import time
from contextlib import suppress
from importlib import import_module
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer
from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest
from redis.exceptions import RedisError

from apps.core.broadcast import TOPIC_ROLES, group_name
from apps.core.models import User
from apps.core.roles import Role, has_role

logger = logging.getLogger(__name__)
TOPIC = re.compile(r"[a-z]+:[A-Za-z0-9-]{1,40}")
MAX_TOPICS = 50
ASK_AGAIN_S = 5.0  # how long somebody may still hear hints after their session or role ended

# Close codes; the page's script tries again after any but the first two.
SIGNED_OUT = 4401
FORBIDDEN = 4403
TOO_BIG = 1009
TRY_LATER = 1013
NOWHERE = 4404


class RoleConsumer(AsyncJsonWebsocketConsumer):
    """A socket that refuses people who are not logged in or hold no role, and re-reads the person when asked.

    ``receive_json`` gets None for a message that is no JSON; binary messages are passed over, and one that is longer
    than ``max_message_chars`` ends the socket.
    """

    max_message_chars = 10_000

    async def connect(self) -> None:
        if await self.current_user() is None:
            await self.close(code=SIGNED_OUT)
        elif await self.viewer() is None:
            await self.close(code=FORBIDDEN)
        else:
            await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if len(text_data or bytes_data or "") > self.max_message_chars:
            await self.close(code=TOO_BIG)
        elif text_data:
            await super().receive(text_data, **kwargs)

    @classmethod
    async def decode_json(cls, text_data: str) -> Any:
        try:
            return await super().decode_json(text_data)
        except (ValueError, RecursionError):
            return None

    async def current_user(self) -> User | None:
        """The person as session and database know them now; the copy in the scope is as old as the socket.

        None for people who signed out, were deactivated or changed their password elsewhere since.
        """
        return await database_sync_to_async(user_of)(self.scope["session"].session_key)

    async def viewer(self) -> User | None:
        """The person, if their session still stands and they still hold a role."""
        return await database_sync_to_async(viewer_of)(self.scope["session"].session_key)


def user_of(session_key: str | None) -> User | None:
    """The active person of a session; None when it ended."""
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key=session_key)
    user = get_user(request)
    return user if isinstance(user, User) and user.is_active else None


def viewer_of(session_key: str | None) -> User | None:
    """The active person of a session, if they hold a role."""
    user = user_of(session_key)
    return user if user is not None and has_role(user, Role.VIEWER) else None


class NowhereConsumer(AsyncWebsocketConsumer):
    """What answers at addresses where there is no socket."""

    async def connect(self) -> None:
        await self.close(code=NOWHERE)


class UpdatesConsumer(RoleConsumer):
    """``{"subscribe": ["job:…"]}`` in, ``{"topic": "job:…"}`` out whenever that row changed."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """While Redis is away nothing can be heard: the socket ends, and the page opens it again later."""
        try:
            await super().__call__(scope, receive, send)
        except (RedisError, OSError) as error:
            logger.warning("A page's updates ended, since Redis is away: %s", error)
            with suppress(Exception):  # whatever the server makes of closing one that is closed already
                await self.close(code=TRY_LATER)

    async def connect(self) -> None:
        self.topics: set[str] = set()
        self._asked_at = time.monotonic()
        await super().connect()

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        wanted = content.get("subscribe") if isinstance(content, dict) else None
        user = await self.viewer()
        if user is None:
            await self.close(code=SIGNED_OUT)
            return
        for topic in wanted[:MAX_TOPICS] if isinstance(wanted, list) else ():
            if isinstance(topic, str) and len(self.topics) < MAX_TOPICS and await self._may_hear(user, topic):
                self.topics.add(topic)
                await self.channel_layer.group_add(group_name(topic), self.channel_name)
                await self.send_json({"topic": topic})  # whatever changed before we listened

    async def _may_hear(self, user: User, topic: str) -> bool:
        role = TOPIC_ROLES.get(topic.partition(":")[0])
        if role is None or not TOPIC.fullmatch(topic):
            return False
        return await database_sync_to_async(has_role)(user, role)

    async def hint(self, event: dict[str, str]) -> None:
        if time.monotonic() - self._asked_at > ASK_AGAIN_S:
            self._asked_at = time.monotonic()
            if await self.viewer() is None:
                await self.close(code=SIGNED_OUT)
                return
        await self.send_json({"topic": event["topic"]})

    async def disconnect(self, code: int) -> None:
        for topic in self.topics:
            await self.channel_layer.group_discard(group_name(topic), self.channel_name)
