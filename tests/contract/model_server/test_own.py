"""The server that comes along offers the coach what it needs, and nothing more."""

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.contract.model_server.serving import READY_S, Own, Served, post

QUESTION: dict[str, Any] = {"messages": [{"role": "user", "content": "hello"}], "max_tokens": 64, "temperature": 0}
PAIR = {
    "type": "object",
    "properties": {"site": {"enum": ["A", "B"]}, "money": {"type": "integer", "minimum": 0, "maximum": 9}},
    "required": ["site", "money"],
    "additionalProperties": False,
}
HELD = {"type": "json_schema", "json_schema": {"name": "pair", "schema": PAIR}}


def _answer(url: str, question: dict[str, Any]) -> str:
    body, kind = json.dumps(question).encode(), {"Content-Type": "application/json"}
    request = urllib.request.Request(f"{url}/v1/chat/completions", body, kind)
    with urllib.request.urlopen(request, timeout=READY_S) as response:
        return str(json.load(response)["choices"][0]["message"]["content"])


@pytest.fixture
def url(own: Served) -> str:
    own.start()
    return own.root


def test_a_question_that_comes_while_it_loads_waits_and_is_answered(
    model_folder: Path, tmp_path: Path, wait_for: Callable[..., object]
) -> None:
    server = Own(model_folder, tmp_path / "log")
    server.begin()
    try:
        wait_for(lambda: _listens(server.port), READY_S)
        with pytest.raises(TimeoutError):
            urllib.request.urlopen(f"{server.root}/health", timeout=0.2)
        assert _answer(server.root, QUESTION)
    finally:
        server.stop()


def test_a_port_that_is_taken_is_a_sentence(own: Served, model_folder: Path) -> None:
    own.start()
    command = [sys.executable, "-m", "apps.training.trainers.serve", str(model_folder), "--port", str(own.port)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=READY_S)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {own.port} of 127.0.0.1 cannot be listened to: ")
    assert "Traceback" not in done.stderr


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "path", ["/load_model", "/reset", "/v1/completions", "/v1/responses", "/docs", "/openapi.json"]
)
def test_other_addresses_of_transformers_serve_are_not_there(url: str, path: str) -> None:
    assert post(url + path, {}) == 404


@pytest.mark.parametrize(
    "wish",
    [
        "json",
        {"type": "json_object"},
        {"type": "json_schema"},
        {"type": "json_schema", "json_schema": {"schema": "object"}},
        {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "nonsense"}}},
    ],
)
def test_a_wish_that_it_cannot_keep_to_is_refused(url: str, wish: object) -> None:
    assert post(f"{url}/v1/chat/completions", QUESTION | {"response_format": wish}) == 422


@pytest.mark.parametrize("wish", [None, {"type": "text"}])
def test_without_a_schema_it_writes_anything(url: str, wish: object) -> None:
    assert post(f"{url}/v1/chat/completions", QUESTION | {"response_format": wish}) == 200


def test_an_answer_in_one_piece_keeps_to_the_schema_too(url: str) -> None:
    told = json.loads(_answer(url, QUESTION | {"response_format": HELD}))
    assert told["site"] in ("A", "B")
    assert 0 <= told["money"] <= 9


def _picture(address: str) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": address}}]}]}


@pytest.mark.parametrize(
    "wish",
    [
        {"generation_config": '{"num_beams": 4}'},
        {"stop": ["site"]},
        {"chat_template_kwargs": {"chat_template": "{% for i in range(8000) %}{% endfor %}"}},
        {"logit_bias": {"3": 100}},
        {"max_tokens": 0},
        {"max_tokens": "many"},
        {"temperature": -1},
        {"seed": 2**70},
        {"messages": []},
        {"messages": "hello"},
        {"messages": [{"role": "user"}]},
        {"messages": [{"role": "user", "content": [{"type": "video_url", "video_url": {"url": "data:video/mp4,"}}]}]},
        _picture("http://127.0.0.1:9/x.png"),
        _picture("/etc/hostname"),
        _picture("file:///etc/hostname"),
    ],
)
def test_what_it_does_not_take_is_refused(url: str, wish: dict[str, Any]) -> None:
    assert post(f"{url}/v1/chat/completions", QUESTION | wish) == 422
    assert post(f"{url}/v1/chat/completions", QUESTION) == 200


def _deep(levels: int) -> dict[str, Any]:
    return {"type": "array", "items": _deep(levels - 1)} if levels else {"type": "null"}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "string", "pattern": "(" * 60_000 + "a" + ")" * 60_000},
        {"type": "string", "enum": [f"value {number}" for number in range(9000)]},
        _deep(450),
    ],
    ids=["pattern", "long", "deep"],
)
def test_a_schema_larger_than_any_answers_is_refused_and_it_lives(url: str, schema: dict[str, Any]) -> None:
    held = {"type": "json_schema", "json_schema": {"name": "large", "schema": schema}}
    assert post(f"{url}/v1/chat/completions", QUESTION | {"response_format": held}) == 422
    assert post(f"{url}/v1/chat/completions", QUESTION) == 200


def test_however_many_tokens_are_asked_for_no_memory_is_taken_ahead(url: str) -> None:
    assert json.loads(_answer(url, QUESTION | {"max_tokens": 10**9, "response_format": HELD}))


def test_it_names_its_one_model(url: str) -> None:
    with urllib.request.urlopen(f"{url}/v1/models", timeout=20) as response:
        assert len(json.load(response)["data"]) == 1
