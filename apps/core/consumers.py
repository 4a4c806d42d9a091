"""One socket a page opens to learn that something it shows has changed."""

import re
from importlib import import_module
from typing import Any

from channels.auth import get_user
from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from apps.core.broadcast import TOPIC_ROLES, group_name
from apps.core.models import User
from apps.core.roles import has_role

TOPIC = re.compile(r"[a-z]+:[A-Za-z0-9-]{1,40}")
MAX_TOPICS = 50


class RoleConsumer(AsyncJsonWebsocketConsumer):
    """A socket that refuses people who are not logged in, and re-reads the person when asked.

    ``receive_json`` gets None for a message that is no JSON; binary messages are passed over.
    """

    async def connect(self) -> None:
        user = self.scope.get("user")
        if user is None or not user.is_authenticated:
            await self.close(code=4401)
            return
        await self.accept()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None, **kwargs: Any) -> None:
        if text_data:
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
        session = import_module(settings.SESSION_ENGINE).SessionStore(session_key=self.scope["session"].session_key)
        user = await get_user({"session": session})  # type: ignore[typeddict-item]
        return user if isinstance(user, User) and user.is_active else None


class UpdatesConsumer(RoleConsumer):
    """``{"subscribe": ["job:…"]}`` in, ``{"topic": "job:…"}`` out whenever that row changed."""

    async def connect(self) -> None:
        self.topics: set[str] = set()
        await super().connect()

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        wanted = content.get("subscribe", []) if isinstance(content, dict) else []
        user = await self.current_user()
        if user is None or not isinstance(wanted, list):
            await self.close(code=4401)
            return
        for topic in wanted[:MAX_TOPICS]:
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
        await self.send_json({"topic": event["topic"]})

    async def disconnect(self, code: int) -> None:
        for topic in self.topics:
            await self.channel_layer.group_discard(group_name(topic), self.channel_name)
