"""What a model server sends beside the answer's text, however odd, ends one answer in words and harms no other."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db.utils import OperationalError

from apps.coach.models import AnalysisStatus
from apps.coach.server_errors import BROKEN_OFF
from apps.coach.services import lifecycle
from apps.core import storage
from tests.integration.coach.fake_server import VALID_TEXT, FakeModelServer
from tests.integration.coach.sockets import of_type, opened, page, row, until_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


def events(*told: Any) -> bytes:
    """A stream of ``told``, ended as it should be."""
    return b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in told) + b"data: [DONE]\n\n"


def chunk(text: str, reason: str | None = None, **beside: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}], **beside}


def whole(**beside: Any) -> bytes:
    return events(chunk(VALID_TEXT), chunk("", "stop", **beside))


async def answered(client: Any, pk: str) -> tuple[dict[str, Any], list[str]]:
    """The end of an answer, and the sentences said of it; the same must be kept, and its page must show."""
    async with page(client) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        told = await until_done(socket)
    assert (await row(pk)).status == told[-1]["status"]
    assert (await asyncio.to_thread(client.get, f"/coach/analyses/{pk}/")).status_code == 200
    return told[-1], [message["sentence"] for message in of_type(told, "error")]


@pytest.mark.parametrize("count", [-5, 10**30, 1e999, "many", [7], None])
async def test_a_server_that_cannot_count_takes_nothing_from_its_answer(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], count: Any
) -> None:
    fake_server.mode, fake_server.raw = "raw", whole(usage={"completion_tokens": count})
    done, _ = await answered(signed_in, await asyncio.to_thread(upload))
    assert (done["status"], done["tokens"]) == ("complete", 1)


@pytest.mark.parametrize("name", ["\ud800\0", "m" * 100_000, {"a": [1]}, True])
async def test_a_models_name_is_kept_as_far_as_it_is_one(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], name: Any
) -> None:
    fake_server.mode, fake_server.raw = "raw", whole(model=name)
    done, _ = await answered(signed_in, await asyncio.to_thread(upload))
    assert done["status"] == "complete"
    assert len(done["model"]) <= 500


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"data: [DONE]\n\n",
        VALID_TEXT.encode(),
        b"<html>\n<body>\n</html>\n",
        b"data: null\n\n",
        b"data: \xff\n\n",
        b"data: " + b"[" * 200_000 + b"\n\n",
        b"data: " + b"9" * 5_000 + b"\n\n",
        b"x" * 2_000_000,
        events({"choices": [{"delta": {"content": ["a"]}}]}),
        events({"choices": [{"delta": [1]}]}),
        events({"choices": {"0": 1}}),
    ],
    ids=[
        *("nothing", "only-an-end", "no-stream", "html", "null", "no-text", "deep", "long-number", "long-line"),
        *("list-of-text", "list-for-delta", "object-for-choices"),
    ],
)
async def test_what_is_no_stream_of_an_answer_is_said_to_be_none(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], sent: bytes
) -> None:
    fake_server.mode, fake_server.raw = "raw", sent
    done, sentences = await answered(signed_in, await asyncio.to_thread(upload))
    assert done["status"] == "failed"
    assert "not an answer" in sentences[0]


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (b"data: " + json.dumps(chunk("", "stop")).encode(), "complete"),
        (b"data: " + json.dumps(chunk("", "stop")).encode()[:-1], "failed"),
        (b'data: {"choices": [{"delta": {"content": "it\xe2\x80', "failed"),
        (b"data: [DONE]", "failed"),  # no reason was given, so it may be half an answer
    ],
    ids=["whole", "cut", "cut-in-a-letter", "without-a-reason"],
)
async def test_a_last_line_needs_no_newline(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], end: bytes, status: str
) -> None:
    said = f"data: {json.dumps(chunk(VALID_TEXT))}\n\n".encode()
    fake_server.mode, fake_server.raw = "raw", said + end
    pk = await asyncio.to_thread(upload)
    done, sentences = await answered(signed_in, pk)
    assert done["status"] == status
    assert sentences == ([] if status == "complete" else [BROKEN_OFF])
    assert (await row(pk)).raw_text == VALID_TEXT


async def test_an_end_that_cannot_be_kept_is_told_all_the_same(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    move = lifecycle.move

    def full(pk: Any, to: AnalysisStatus, **changes: Any) -> bool:
        if to == AnalysisStatus.COMPLETE:
            raise OperationalError("database or disk is full")
        return move(pk, to, **changes)

    monkeypatch.setattr(lifecycle, "move", full)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": await asyncio.to_thread(upload)})
        told = await until_done(socket)
    assert told[-1]["status"] == "failed"
    assert "could not be kept" in of_type(told, "error")[0]["sentence"]


async def test_frames_that_cannot_be_deleted_keep_nobody_from_the_answer(
    fake_server: FakeModelServer,
    signed_in: Any,
    upload: Callable[..., str],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def away(name: str) -> None:
        raise OSError(5, "Input/output error")

    settings.COACH_KEEP_IMAGES_DAYS = 0
    pk = await asyncio.to_thread(upload)
    monkeypatch.setattr(storage, "remove", away)
    done, _ = await answered(signed_in, pk)
    assert done["status"] == "complete"
