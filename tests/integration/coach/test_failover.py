"""Several models by alias: who is asked, who steps in before the first token, and what is known of their health."""

import asyncio
import json
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.coach import inference, inference_health, selectors
from apps.coach.inference_servers import ModelServer, read_servers, servers
from apps.coach.services import asking
from tests.conftest import ROOT, free_port
from tests.integration.coach.fake_server import VALID_TEXT, FakeModelServer
from tests.integration.coach.sockets import of_type, opened, page, row, until_done

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.any_database]


@pytest.fixture
def two(settings: Any) -> Iterator[tuple[FakeModelServer, FakeModelServer]]:
    """The models "first" and "second", in this order, at addresses of their own: what is known of a server's health
    outlives a test."""
    first, second = FakeModelServer(free_port()), FakeModelServer(free_port())
    settings.MODEL_SERVERS = [
        {"alias": "first", "label": "The first", "url": first.url, "max_frames": 1, "max_side": 320},
        {
            "alias": "second",
            "url": second.url,
            "model": "big/lora",
            "key": "s3cret",
            "kind": "lora",
            "structured": True,
        },
    ]
    first.start()
    second.start()
    yield first, second
    first.stop()
    second.stop()


async def answered(client: Any, pk: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The end of the answer, and everything said before it."""
    async with page(client) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        *messages, done = await until_done(socket)
    return done, messages


@pytest.mark.parametrize("mode", ["busy", "broken", "refuses", "hanging", "silent", "html"])
async def test_any_model_steps_in_before_the_first_token(
    two: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str], settings: Any, mode: str
) -> None:
    first, second = settings.MODEL_SERVERS
    settings.MODEL_SERVERS = [{**first, "first_token_s": 0.5}, second]  # the second may be slow on a busy machine
    two[0].mode = mode
    done, messages = await answered(signed_in, await asyncio.to_thread(upload))
    assert (done["status"], done["answered_by"]) == ("complete", "second")
    assert "".join(message["text"] for message in of_type(messages, "token")) == VALID_TEXT
    assert not of_type(messages, "error")
    assert (await row(done["id"])).answered_by == "second"


async def test_nobody_steps_in_once_a_model_has_spoken(
    two: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    two[0].mode = "cut"
    done, _ = await answered(signed_in, await asyncio.to_thread(upload))
    assert (done["status"], done["answered_by"]) == ("failed", "first")
    assert not two[1].requests


async def test_a_chosen_model_that_is_down_is_said_so(
    two: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    await asyncio.to_thread(two[0].stop)
    done, messages = await answered(signed_in, await asyncio.to_thread(upload, alias="first"))
    assert done["status"] == "failed"
    said = of_type(messages, "error")[0]["sentence"]
    assert "The first: No model server answers" in said
    assert "Another model may answer." in said
    assert not two[1].requests


async def test_when_none_answers_the_sentence_counts_them(
    two: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    two[0].mode = two[1].mode = "busy"
    done, messages = await answered(signed_in, await asyncio.to_thread(upload))
    assert done["status"] == "failed"
    assert "None of the 2 models answered" in of_type(messages, "error")[0]["sentence"]


async def test_each_model_is_asked_in_its_own_way(
    two: tuple[FakeModelServer, FakeModelServer], signed_in: Any, jpeg: bytes
) -> None:
    def ask() -> list[str]:
        rows = asking.ask_two(user=signed_in.user, uploads=[jpeg] * 3, context="", aliases=("first", "second"))
        assert rows[0].pair == rows[1].pair is not None
        assert selectors.other_of_pair(rows[0]) == rows[1]
        return [str(one.pk) for one in rows]

    ids = await asyncio.to_thread(ask)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": ids})
        done = [(await until_done(socket))[-1] for _ in ids]
    assert {end["answered_by"] for end in done} == {"first", "second"}
    small, whole = two[0].requests[0], two[1].requests[0]
    assert [part["type"] for part in small["messages"][1]["content"]] == ["image_url", "text"]
    assert [part["type"] for part in whole["messages"][1]["content"]] == ["image_url"] * 3 + ["text"]
    assert len(json.dumps(small["messages"])) < len(json.dumps(whole["messages"])) / 3
    assert whole["model"] == "big/lora"
    assert "response_format" in whole
    assert "response_format" not in small


def test_a_model_that_is_not_there_cannot_be_asked(two: Any, upload: Callable[..., str]) -> None:
    with pytest.raises(asking.NoSuchModel, match="no model “third”"):
        upload(alias="third")


def test_health_is_known_without_waiting(
    two: tuple[FakeModelServer, FakeModelServer], wait_for: Callable[..., Any]
) -> None:
    def ups() -> list[bool | None]:
        return [alias.up for alias in selectors.aliases()]

    wait_for(lambda: ups() == [True, True], 10)
    two[0].mode = "busy"
    inference_health.keeper.note(servers()[0], up=False, sentence="It is busy.")  # as a question finds it
    down = selectors.aliases()[0]
    assert (down.up, down.sentence, down.label, down.kind) == (False, "It is busy.", "The first", "base")
    assert down.since is not None
    two[0].mode = "valid"
    wait_for(lambda: ups() == [True, True], 10)


def test_a_model_that_stays_away_is_asked_less_and_less() -> None:
    keeper = inference_health.HealthKeeper()
    server = ModelServer("gone", "Gone", "http://127.0.0.1:9/v1")
    waits = []
    for _ in range(9):
        keeper.note(server, up=False, sentence="Away.")
        waits.append(keeper.known(server).wait_s)
    assert waits == [1, 2, 4, 8, 15, 15, 15, 15, 15]
    since = keeper.known(server).since
    keeper.note(server, up=True, sentence="Here.")
    assert keeper.known(server).wait_s == inference_health.SELDOM_S
    assert keeper.known(server).since != since


@pytest.mark.parametrize(
    ("listed", "wrong"),
    [
        ({"alias": "a"}, "a JSON list"),
        ([{"alias": "A b", "url": "http://h/v1"}], "Entry 1 .* needs an alias"),
        ([{"alias": "a", "url": "file:///etc/passwd"}], "needs a url"),
        ([{"alias": "a", "url": "http://h/v1", "colour": 1}], "some of"),
        ([{"alias": "a", "url": "http://h/v1", "kind": "x"}], "kind is one of"),
        ([{"alias": "a", "url": "http://h/v1", "max_side": "wide"}], "are positive numbers"),
        ([{"alias": "a", "url": "http://h/v1", "max_frames": math.inf}], "are positive numbers"),
        ([{"alias": "a", "url": "http://h/v1", "first_token_s": -1}], "are positive numbers"),
        ([{"alias": "a", "url": "http://h/v1", "first_token_s": math.nan}], "are positive numbers"),
        ([{"alias": "a", "url": "http://h/v1", "structured": "no"}], "structured is true or false"),
        ([{"alias": "a", "url": "http://h/v1", "label": 5}], "label is a text"),
        ([{"alias": "a", "url": "http://h/v1", "model": ["x"]}], "model is a text"),
        ([{"alias": "a", "url": "http://["}], "needs a url"),
        ([{"alias": "a", "url": "http:///v1"}], "needs a url"),
        ([{"alias": "a", "url": "http://gpu:99999/v1"}], "needs a url"),
        ([{"alias": "a", "url": "http://g pu/v1"}], "needs a url"),
        ([{"alias": "a", "url": "http://h/v1"}] * 2, "twice"),
    ],
)
def test_a_wrong_list_of_servers_is_said_in_a_sentence(listed: Any, wrong: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=wrong):
        read_servers(listed)


@pytest.mark.parametrize("address", ["", "gpu:8000/v1", "http://[", "http://gpu:x/v1"])
def test_a_wrong_address_of_the_only_server_is_said_in_a_sentence(settings: Any, address: str) -> None:
    settings.MODEL_SERVER_URL = address
    with pytest.raises(ImproperlyConfigured, match="MODEL_SERVER_URL should be"):
        servers()


@pytest.mark.parametrize("number", [-1, 0])
def test_at_least_one_frame_of_some_size_is_sent(settings: Any, number: int) -> None:
    settings.MODEL_SERVER_MAX_FRAMES = settings.MODEL_SERVER_MAX_SIDE = number
    (server,) = servers()
    assert (server.max_frames, server.max_side) == (1, 64)


@pytest.mark.parametrize("entry", [{"kind": "embedded"}, {"url": "http://127.0.0.1:9/v1", "sees": "hud"}])
def test_a_reader_of_tiles_is_shown_one_frame_whatever_is_wished(settings: Any, entry: dict[str, Any]) -> None:
    settings.SMALL_MODEL_SERVED, settings.EMBEDDED_MODEL_DIR = True, ROOT / "apps/training/embedded_model"
    settings.MODEL_SERVERS = [{"alias": "small", "max_frames": 3, **entry}]
    (server,) = servers()
    assert (server.sees, server.max_frames) == ("hud", 1)


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [("MODEL_SERVERS", "[{", "MODEL_SERVERS is not JSON"), ("COACH_KEEP_IMAGES_DAYS", "-3", "a number of days"),
     ("COACH_KEEP_IMAGES_DAYS", "a week", "a number of days"), ("COACH_PER_USER", "0", "at least 1"),
     ("COACH_GLOBAL", "lots", "is not a number"), ("MODEL_SERVER_TOTAL_S", "-1", "at least 0.1"),
     ("GAME_CLIENT_PORT", "-1", "at least 0")],
)  # fmt: skip
def test_a_setting_that_cannot_be_meant_is_named(name: str, value: str, wrong: str) -> None:
    command = [sys.executable, "-c", "import chimera_site.settings"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, name: value}, capture_output=True, text=True, check=False
    )
    assert f"ImproperlyConfigured: {name}" in done.stderr
    assert wrong in done.stderr


def test_a_list_that_is_an_object_is_not_passed_over(settings: Any) -> None:
    settings.MODEL_SERVERS = {}
    with pytest.raises(ImproperlyConfigured, match="JSON list"):
        servers()


async def test_passwords_in_an_address_are_told_nobody(
    signed_in: Any, upload: Callable[..., str], settings: Any
) -> None:
    settings.MODEL_SERVER_URL = f"http://name:s3cret@127.0.0.1:{free_port()}/v1"
    pk = await asyncio.to_thread(upload)
    done, messages = await answered(signed_in, pk)
    (error,) = of_type(messages, "error")
    assert (done["status"], "127.0.0.1" in error["sentence"]) == ("failed", True)
    for address in (f"/coach/analyses/{pk}/state/", f"/coach/analyses/{pk}/", "/coach/status/"):
        assert "s3cret" not in (await asyncio.to_thread(signed_in.get, address)).content.decode()
    assert "s3cret" not in error["sentence"] + (await inference.probe()).sentence
