"""What a question costs besides the model: counted, since times on a busy machine say little."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.db.backends.utils import CursorWrapper

from apps.coach.services import answering
from tests.integration.coach.fake_server import VALID_TEXT, FakeModelServer
from tests.integration.coach.sockets import of_type, opened, page, until_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


async def test_a_question_takes_few_statements(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    statements: list[str] = []
    execute = CursorWrapper._execute_with_wrappers  # type: ignore[attr-defined]

    def counted(self: Any, sql: str, params: Any, **more: Any) -> Any:
        statements.append(sql)
        return execute(self, sql, params, **more)

    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await opened(socket)
        monkeypatch.setattr(CursorWrapper, "_execute_with_wrappers", counted)
        await socket.send_json_to({"start": pk})
        await until_done(socket)
        monkeypatch.undo()
    assert 0 < len(statements) <= 9, "\n".join(statements)


async def test_many_answers_at_once_show_their_fields_less_often(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_server.pause_s = 0.002
    monkeypatch.setattr(answering, "FIELDS_A_SECOND", 0.01)
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        messages = await until_done(socket)
    assert len(of_type(messages, "fields")) == 1  # at the end, so that nothing is missing
    assert len(of_type(messages, "token")) > 100


async def test_many_answers_at_once_go_out_in_larger_pieces(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_server.pause_s = 0.002
    monkeypatch.setattr(answering, "PIECES_A_SECOND", 5)
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        messages = await until_done(socket)
    first, *later = [message["text"] for message in of_type(messages, "token")]
    assert len(first) < len(VALID_TEXT) / 2  # which nobody waits for
    assert 0 < len(later) < 20
    assert "".join([first, *later]) == VALID_TEXT
