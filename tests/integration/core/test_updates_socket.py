"""The socket that tells pages what changed: what it says, to whom, and what it does with nonsense."""

from collections.abc import Callable

import pytest
from channels.db import database_sync_to_async
from channels.layers import channel_layers
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from apps.core import consumers
from apps.core.models import Job, User
from apps.core.services import ledger
from apps.core.services.enqueueing import enqueue
from chimera_site.asgi import application
from tests.conftest import free_port
from tests.integration.core import sample_jobs

pytestmark = pytest.mark.django_db(transaction=True)
MakeUser = Callable[..., User]


async def unopened(user: User, path: str = "/ws/updates/") -> WebsocketCommunicator:
    client = Client()
    await database_sync_to_async(client.force_login)(user)
    headers = [
        (b"origin", b"http://localhost"),
        (b"host", b"localhost"),
        (b"cookie", f"sessionid={client.cookies['sessionid'].value}".encode()),
    ]
    return WebsocketCommunicator(application, path, headers=headers)


async def opened(user: User) -> WebsocketCommunicator:
    socket = await unopened(user)
    connected, _ = await socket.connect(timeout=5)
    assert connected
    return socket


@database_sync_to_async
def a_job() -> Job:
    return enqueue(sample_jobs.counts, title="Count", user=None, number=1)


@database_sync_to_async
def person(make_user: MakeUser, role: str | None, name: str | None = None) -> User:
    return make_user(role, name)


async def test_each_change_of_a_job_is_told(make_user: MakeUser) -> None:
    row = await a_job()
    socket = await opened(await person(make_user, "viewer"))
    topic = f"job:{row.pk}"
    await socket.send_json_to({"subscribe": [topic]})
    assert await socket.receive_json_from(5) == {"topic": topic}  # what changed before we listened

    claimed = await database_sync_to_async(ledger.claim)(row.pk)
    assert claimed is not None
    assert await socket.receive_json_from(5) == {"topic": topic}
    await database_sync_to_async(ledger.report)(claimed, progress=0.5, message="Half-way.", log_tail="")
    assert await socket.receive_json_from(5) == {"topic": topic}
    await socket.disconnect()


async def test_a_change_that_is_rolled_back_is_not_told(make_user: MakeUser) -> None:
    from django.db import transaction

    row = await a_job()
    socket = await opened(await person(make_user, "viewer"))
    await socket.send_json_to({"subscribe": [f"job:{row.pk}"]})
    await socket.receive_json_from(5)

    @database_sync_to_async
    def roll_back() -> None:
        with transaction.atomic():
            ledger.claim(row.pk)
            transaction.set_rollback(True)

    await roll_back()
    assert await socket.receive_nothing(0.3)
    await socket.disconnect()


async def test_people_without_a_role_do_not_get_in(make_user: MakeUser) -> None:
    socket = await unopened(await person(make_user, None))
    assert await socket.connect(timeout=5) == (False, 4403)


async def test_an_address_without_a_socket_is_refused(make_user: MakeUser) -> None:
    socket = await unopened(await person(make_user, "viewer"), "/ws/nowhere/")
    assert await socket.connect(timeout=5) == (False, 4404)


async def test_somebody_demoted_meanwhile_cannot_subscribe(make_user: MakeUser) -> None:
    user = await person(make_user, "viewer")
    socket = await opened(user)
    await database_sync_to_async(user.groups.remove)(await Group.objects.aget(name="viewer"))
    await socket.send_json_to({"subscribe": [f"job:{(await a_job()).pk}"]})
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": 4401}


async def test_somebody_demoted_after_subscribing_hears_nothing_new(
    make_user: MakeUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumers, "ASK_AGAIN_S", 0)
    user, row = await person(make_user, "viewer"), await a_job()
    socket = await opened(user)
    await socket.send_json_to({"subscribe": [f"job:{row.pk}"]})
    await socket.receive_json_from(5)
    await database_sync_to_async(user.groups.remove)(await Group.objects.aget(name="viewer"))
    await database_sync_to_async(ledger.claim)(row.pk)
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": 4401}


async def test_a_message_of_megabytes_ends_the_socket(make_user: MakeUser) -> None:
    socket = await opened(await person(make_user, "viewer"))
    await socket.send_to(text_data='{"subscribe": ["' + "x" * 1_000_000 + '"]}')
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": 1009}


async def test_while_redis_is_away_the_page_is_told_to_try_later(
    make_user: MakeUser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    socket = await opened(await person(make_user, "viewer"))
    port = free_port()  # where nobody listens
    layer = channel_layers["default"]
    monkeypatch.setattr(channel_layers, "backends", {})
    monkeypatch.setitem(
        settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0], "address", f"redis://127.0.0.1:{port}/0"
    )
    assert channel_layers["default"] is not layer
    lost = await unopened(await person(make_user, "viewer", "another"))
    accepted, code = await lost.connect(timeout=5)  # it may have got in just before
    assert ((await lost.receive_output(5))["code"] if accepted else code) == 1013
    assert "since Redis is away" in caplog.text
    await socket.disconnect()


async def test_an_account_closed_meanwhile_closes_the_socket(make_user: MakeUser) -> None:
    user = await person(make_user, "viewer")
    socket = await opened(user)
    await User.objects.filter(pk=user.pk).aupdate(is_active=False)
    await socket.send_json_to({"subscribe": ["job:1"]})
    assert await socket.receive_output(5) == {"type": "websocket.close", "code": 4401}


@pytest.mark.parametrize(
    "message",
    [
        "not json",
        "[]",
        "null",
        '{"subscribe": "job:1"}',
        '{"subscribe": [1, null, {}, [], "job", "unknown:1", "job:../x", "job:' + "a" * 100 + '"]}',
        "[" * 5_000,
    ],
    ids=["text", "list", "null", "one word", "topics", "deep"],
)
async def test_nonsense_is_passed_over_and_the_socket_lives(make_user: MakeUser, message: str) -> None:
    socket = await opened(await person(make_user, "viewer"))
    await socket.send_to(text_data=message)
    topic = f"job:{(await a_job()).pk}"
    await socket.send_json_to({"subscribe": [topic]})
    assert await socket.receive_json_from(5) == {"topic": topic}
    await socket.disconnect()


async def test_bytes_are_passed_over(make_user: MakeUser) -> None:
    socket = await opened(await person(make_user, "viewer"))
    await socket.send_to(bytes_data=b"\x00\xff")
    topic = f"job:{(await a_job()).pk}"
    await socket.send_json_to({"subscribe": [topic]})
    assert await socket.receive_json_from(5) == {"topic": topic}
    await socket.disconnect()


async def test_only_so_many_topics_per_socket(make_user: MakeUser) -> None:
    socket = await opened(await person(make_user, "viewer"))
    await socket.send_json_to({"subscribe": [f"job:{number}" for number in range(200)]})
    for number in range(50):
        assert await socket.receive_json_from(5) == {"topic": f"job:{number}"}
    assert await socket.receive_nothing(0.3)
    await socket.disconnect()


async def test_a_quiet_socket_is_not_ended_by_a_time_limit() -> None:
    """The layer asks Redis to wait ``brpop_timeout`` seconds for a message; reading must have more time than that."""
    layer = channel_layers["default"]
    limit = layer.connection(0).connection_pool.connection_kwargs["socket_timeout"]
    assert limit is None or limit > layer.brpop_timeout
