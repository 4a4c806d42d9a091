"""The coach's socket, through the whole ASGI application: login, Origin, streaming, cancelling, refusing."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Group
from django.db import OperationalError

from apps.coach import consumers
from apps.coach.models import Analysis
from apps.coach.services import answering
from apps.core import storage
from tests.integration.coach import sockets
from tests.integration.coach.conftest import RealServer
from tests.integration.coach.fake_server import VALID, VALID_TEXT, FakeModelServer
from tests.integration.coach.sockets import of_type, opened, page, row, seen_gone, until_done

pytestmark = pytest.mark.django_db(transaction=True)


async def test_an_answer_streams_fills_fields_and_is_kept(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.002
    pk = await asyncio.to_thread(upload, "Round 3")
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        messages = await until_done(socket)
    assert {message["id"] for message in messages} == {pk}
    assert "".join(token["text"] for token in of_type(messages, "token")) == VALID_TEXT
    fields = [message["answer"] for message in of_type(messages, "fields")]
    assert len(fields) > 2  # while it was incomplete, not only at the end
    assert fields[0] != fields[-1] == VALID
    done = messages[-1]
    assert (done["status"], done["problems"], done["model"]) == ("complete", [], "fake/model")
    assert done["first_token_ms"] <= done["total_ms"]
    kept = await row(pk)
    assert (kept.status, kept.raw_text, kept.answer) == ("complete", VALID_TEXT, VALID)
    assert (kept.tokens, kept.total_ms) == (done["tokens"], done["total_ms"])
    sent = fake_server.requests[0]["messages"][1]["content"]
    assert [part["type"] for part in sent] == ["image_url", "text"]
    assert "Round 3" in sent[1]["text"]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("Push mid, you will win.", "not exactly one JSON object"),
        (json.dumps({**VALID, "advice": {"primary_action": "Go"}}), "advice."),
        (json.dumps({**VALID, "game_state": {"player_health": 900}}), "more than 100"),
        ('{"advice": {"callout": "\\ud800"}}', "."),
    ],
)
async def test_an_answer_that_is_not_valid_is_shown_with_what_is_wrong(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], answer: str, problem: str
) -> None:
    fake_server.answer = answer
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        done = (await until_done(socket))[-1]
    assert done["status"] == "invalid"
    assert problem in done["problems"][0]
    kept = await row(pk)
    assert kept.problems == done["problems"]
    assert kept.raw_text == answer


@pytest.mark.parametrize(
    ("mode", "said", "limit"),
    [
        ("busy", "busy", None),
        ("cut", "broke off", None),
        ("stalls", "silent", "MODEL_SERVER_BETWEEN_TOKENS_S"),
        ("hanging", "wrote nothing", "MODEL_SERVER_FIRST_TOKEN_S"),
    ],
)
async def test_a_failing_server_is_said_so_and_what_had_arrived_is_kept(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    settings: Any,
    mode: str,
    said: str,
    limit: str | None,
) -> None:
    if limit:
        setattr(settings, limit, 0.5)
    fake_server.mode = mode
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        messages = await until_done(socket)
        assert said in of_type(messages, "error")[0]["sentence"]
        assert messages[-1]["status"] == "failed"
        kept = await row(pk)
        assert said in kept.error
        assert kept.raw_text == "".join(token["text"] for token in of_type(messages, "token"))
        # The same socket serves the next question once the server is well again.
        fake_server.mode = "valid"
        if limit:
            setattr(settings, limit, 15.0)  # on a busy machine it may take longer
        again = await asyncio.to_thread(upload)
        await socket.send_json_to({"start": again})
        assert (await until_done(socket))[-1]["status"] == "complete"


async def test_an_endless_answer_is_cut_and_said_to_be(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], settings: Any
) -> None:
    settings.COACH_MAX_TOKENS = 50
    fake_server.mode = "endless"
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        done = (await until_done(socket))[-1]
    assert done["status"] == "invalid"
    assert "cut off at its limit" in done["problems"][0]
    assert await seen_gone(fake_server)
    assert len((await row(pk)).raw_text) < 40_000


@pytest.mark.any_database  # the web process's sockets
async def test_a_reader_that_takes_nothing_holds_up_nobody_else(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.005
    mute, heard = await asyncio.to_thread(lambda: (upload(), upload()))

    async def takes_nothing(message: dict[str, Any]) -> None:
        await asyncio.sleep(3600)

    stuck = await sockets.answering(mute, takes_nothing)
    task = stuck.start()
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": heard})
        assert (await until_done(socket, seconds=8))[-1]["status"] == "complete"
    assert not task.done()  # still waits for its reader, for itself alone
    stuck.stop(answering.PAGE_CLOSED)
    await asyncio.wait([task])
    assert (await row(mute)).status == "cancelled"


async def test_cancelling_reaches_the_server_and_keeps_what_had_arrived(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.03
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        assert (await socket.receive_json_from())["type"] == "token"
        await socket.send_json_to({"cancel": pk})
        messages = await until_done(socket)
        assert messages[-1]["status"] == "cancelled"
        assert await seen_gone(fake_server)
        await socket.send_json_to({"cancel": pk})  # a second click changes nothing
        assert await socket.receive_nothing()
    kept = await row(pk)
    assert kept.status == "cancelled"
    assert kept.raw_text
    assert VALID_TEXT.startswith(kept.raw_text)


async def test_a_question_may_be_cancelled_before_the_model_was_asked(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"cancel": pk})
        assert (await until_done(socket))[-1]["status"] == "cancelled"
        await socket.send_json_to({"start": pk})
        assert "already answered" in (await socket.receive_json_from())["sentence"]
    assert not fake_server.requests


async def test_closing_the_page_aborts_the_request_and_the_row_says_so(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.03
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        await socket.receive_json_from()
    assert await seen_gone(fake_server)
    kept = await row(pk)
    assert kept.status == "cancelled"
    assert kept.raw_text
    assert "closed" in kept.error


async def test_the_row_grows_while_the_answer_streams(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.02
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        seen = ""
        while not seen:
            await socket.receive_json_from()
            seen = (await row(pk)).raw_text
        assert VALID_TEXT.startswith(seen)
        assert (await row(pk)).status == "streaming"


async def test_two_sockets_cannot_stream_the_same_answer(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.01
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as first, page(signed_in) as second:
        await (await opened(first)).send_json_to({"start": pk})
        await first.receive_json_from()
        await (await opened(second)).send_json_to({"start": pk})
        assert "being answered" in (await second.receive_json_from())["sentence"]
        assert (await until_done(first))[-1]["status"] == "complete"
    assert len(fake_server.requests) == 1


async def test_two_answers_stream_at_once_on_one_socket(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.005
    one, two = await asyncio.to_thread(lambda: (upload(), upload()))
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": [one, two]})
        messages = await until_done(socket) + await until_done(socket)
    first_end = next(number for number, message in enumerate(messages) if message["type"] == "done")
    assert {message["id"] for message in messages[:first_end]} == {one, two}
    for pk in (one, two):
        assert "".join(m["text"] for m in of_type(messages, "token") if m["id"] == pk) == VALID_TEXT
    assert [message["status"] for message in of_type(messages, "done")] == ["complete", "complete"]


async def test_cancelling_one_of_two_leaves_the_other(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    fake_server.pause_s = 0.01
    one, two = await asyncio.to_thread(lambda: (upload(), upload()))
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": [one, two]})
        await socket.receive_json_from()
        await socket.send_json_to({"cancel": one})
        messages = await until_done(socket) + await until_done(socket)
    assert {m["id"]: m["status"] for m in of_type(messages, "done")} == {one: "cancelled", two: "complete"}


async def test_an_answer_is_cancelled_from_any_socket_of_its_person(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    """As after a line that broke without a word: the new socket cancels what the old one still streams."""
    fake_server.pause_s = 0.03
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as old, page(signed_in) as new:
        await (await opened(old)).send_json_to({"start": pk})
        await old.receive_json_from()
        await (await opened(new)).send_json_to({"cancel": pk})
        assert (await until_done(new))[-1]["status"] == "cancelled"
        assert await seen_gone(fake_server)
        assert (await until_done(old))[-1]["status"] == "cancelled"
    kept = await row(pk)
    assert kept.status == "cancelled"
    assert kept.raw_text


async def test_another_persons_question_is_refused(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], make_user: Callable[..., Any], client: Any
) -> None:
    pk = await asyncio.to_thread(upload)
    stranger = await asyncio.to_thread(make_user, "admin", "stranger")
    await asyncio.to_thread(client.force_login, stranger)
    async with page(client) as socket:
        await opened(socket)
        for verb in ("start", "cancel"):
            await socket.send_json_to({verb: pk})
            assert "no such question" in (await socket.receive_json_from())["sentence"]
    assert (await row(pk)).status == "queued"
    assert not fake_server.requests


@pytest.mark.parametrize("speaks", [True, False], ids=["on the next message", "while it only listens"])
@pytest.mark.parametrize("how", ["logged out", "demoted", "deactivated", "new password"])
async def test_who_lost_access_is_put_out(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    how: str,
    speaks: bool,
) -> None:
    fake_server.pause_s = 0.03
    monkeypatch.setattr(consumers, "ASK_AGAIN_S", 60 if speaks else 0.05)
    pk = await asyncio.to_thread(upload)

    def lose_access() -> None:
        user = signed_in.user
        if how == "logged out":
            signed_in.post("/sign-out/")
        elif how == "demoted":
            user.groups.remove(Group.objects.get(name="viewer"))
        elif how == "deactivated":
            type(user).objects.filter(pk=user.pk).update(is_active=False)
        else:
            user.set_password("another correct horse")
            user.save()

    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        await socket.receive_json_from()
        await asyncio.to_thread(lose_access)
        if speaks:
            await socket.send_json_to({"start": pk})
        await until_done(socket)
        assert "Sign in again" in (await socket.receive_json_from())["sentence"]
        assert (await socket.receive_output())["code"] == 4401
    assert await seen_gone(fake_server)
    assert (await row(pk)).status == "cancelled"


async def test_strangers_other_origins_and_people_without_a_role_do_not_get_in(
    client: Any, make_user: Callable[..., Any], signed_in: Any
) -> None:
    async with page(signed_in, origin="http://evil.example") as socket:
        assert (await socket.connect())[0] is False
    await asyncio.to_thread(client.logout)
    async with page(client) as socket:
        assert (await socket.connect())[0] is False
    nobody = await asyncio.to_thread(make_user, None)
    await asyncio.to_thread(client.force_login, nobody)
    async with page(client) as socket:
        assert await socket.connect() == (False, 4403)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        '{"start": 7}',
        '{"start": []}',
        '{"start": [["x"]]}',
        '{"start": "x"}',
        '{"stop": "x"}',
        "[" * 900,
        "NaN",
        "\ud800",
        "x" * 999,
    ],
)
async def test_garbage_is_answered_politely_and_closed(signed_in: Any, text: str) -> None:
    async with page(signed_in) as socket:
        await (await opened(socket)).send_input({"type": "websocket.receive", "text": text})
        assert "not understood" in (await socket.receive_json_from())["sentence"]
        assert (await socket.receive_output())["code"] == 4400


@pytest.mark.parametrize("message", [{"text_data": "x" * 10_000_000}, {"bytes_data": b"\xff\xd8" * 500}])
async def test_frames_do_not_come_through_the_socket(signed_in: Any, message: dict[str, Any]) -> None:
    async with page(signed_in) as socket:
        await (await opened(socket)).send_to(**message)
        assert "too big" in (await socket.receive_json_from())["sentence"]
        assert (await socket.receive_output())["code"] == 1009


async def test_a_browser_that_takes_nothing_does_not_hold_the_model_server(
    fake_server: FakeModelServer, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "SEND_WITHIN_S", 0.3)
    fake_server.pause_s = 0.02
    pk = await asyncio.to_thread(upload)
    taken: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        taken.append(message)
        if len(taken) > 5:
            await asyncio.sleep(3600)

    run = await sockets.answering(pk, send)
    with pytest.raises(answering.ReaderGone):
        await run.run()
    assert await seen_gone(fake_server)
    assert (await row(pk)).status == "cancelled"


@pytest.mark.parametrize("after", [{"nonsense": 1}, None], ids=["a word not understood", "a closed tab"])
async def test_what_ends_the_moment_it_began_is_written_down_as_ended(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], after: Any
) -> None:
    fake_server.pause_s = 0.03
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await opened(socket)
        await socket.send_json_to({"start": [pk, pk]})  # one question, however often it is named
        if after is not None:
            await socket.send_json_to(after)
            await socket.receive_output(timeout=30)
    assert (await row(pk)).status == "cancelled"


async def test_a_lost_frame_ends_in_a_sentence(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str]
) -> None:
    pk = await asyncio.to_thread(upload)
    await asyncio.to_thread(lambda: storage.remove(Analysis.objects.get(pk=pk).image))
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        *_, error, done = await until_done(socket)
    assert "no longer there" in error["sentence"]
    assert done["status"] == "failed"
    assert not fake_server.requests


@pytest.mark.parametrize("order", [0, 1])
async def test_a_reader_that_takes_no_refusal_leaves_no_question_behind(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
    order: int,
) -> None:
    """What began with a question that is refused is answered, or ends, whatever becomes of the refusal."""

    async def gone(*_: Any, **__: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(consumers.CoachConsumer, "_error", gone)
    pk = await asyncio.to_thread(upload)
    ids = [pk, str(uuid4())]

    async def ask() -> None:
        async with page(signed_in) as socket:
            await (await opened(socket)).send_json_to({"start": ids[:: 1 - 2 * order]})
            await socket.wait(timeout=30)

    with pytest.raises(ConnectionError):
        await ask()
    assert (await row(pk)).status == "cancelled"


async def test_an_answer_that_is_over_is_written_down_whatever_is_stopped_meanwhile(
    fake_server: FakeModelServer, upload: Callable[..., str]
) -> None:
    pk = await asyncio.to_thread(upload)
    stops = 0

    async def send(message: dict[str, Any]) -> None:
        nonlocal stops
        if message["type"] == "fields" and run.changes()["raw_text"] == VALID_TEXT:
            stops += 1
            run.stop(answering.PAGE_CLOSED)

    run = await sockets.answering(pk, send)
    write = answering._write_end

    def stopped_while_writing(*told: Any) -> None:
        loop.call_soon_threadsafe(run.stop, answering.PAGE_CLOSED)
        write(*told)

    loop = asyncio.get_running_loop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answering, "_write_end", stopped_while_writing)
        await run.start()
    kept = await row(pk)
    assert (kept.status, kept.raw_text) == ("complete", VALID_TEXT)
    assert stops == 1


async def test_who_lost_access_is_put_out_though_it_could_not_be_asked_once(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_server.pause_s = 0.03
    monkeypatch.setattr(consumers, "ASK_AGAIN_S", 0.05)
    failures = [OperationalError("database is locked")]
    viewer = consumers.CoachConsumer.viewer

    async def asked(self: consumers.CoachConsumer) -> Any:
        if failures:
            raise failures.pop()
        return await viewer(self)

    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await opened(socket)
        monkeypatch.setattr(consumers.CoachConsumer, "viewer", asked)
        await socket.send_json_to({"start": pk})
        await socket.receive_json_from()
        await asyncio.to_thread(signed_in.post, "/sign-out/")
        await until_done(socket)
        assert "Sign in again" in (await socket.receive_json_from())["sentence"]
    assert not failures


@pytest.mark.any_database  # the rows are those of the fake server's answers
async def test_the_real_model_server_streams_and_stops(
    real_server: RealServer, signed_in: Any, upload: Callable[..., str], settings: Any
) -> None:
    settings.MODEL_SERVER_URL = real_server.url
    settings.MODEL_SERVER_MODEL = ""
    settings.COACH_MAX_TOKENS = 60
    async with page(signed_in) as socket:
        await opened(socket)
        pk = await asyncio.to_thread(upload, "Round 3")
        await socket.send_json_to({"start": pk})
        messages = await until_done(socket)
        assert of_type(messages, "token")
        assert messages[-1]["status"] == "invalid"  # random weights
        assert messages[-1]["problems"]
        settings.COACH_MAX_TOKENS = 6_000
        long = await asyncio.to_thread(upload, "Round 4")
        await socket.send_json_to({"start": long})
        await socket.receive_json_from(timeout=20)
        await socket.send_json_to({"cancel": long})
        assert (await until_done(socket))[-1]["status"] == "cancelled"
