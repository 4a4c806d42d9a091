"""The embedded model reads the HUD while another answers: marks where they differ, and words for its prompt."""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from apps.coach import crosscheck, embedded, selectors
from apps.coach.inference_health import keeper
from apps.coach.inference_servers import read_servers, servers
from tests.conftest import free_port
from tests.integration.coach.fake_server import VALID, FakeModelServer
from tests.integration.coach.sockets import opened, page, row, until_done

pytestmark = pytest.mark.django_db(transaction=True)
READING: dict[str, Any] = {
    "clock": "1:14", "score_left": 6, "score_right": 4, "alive_left": 4, "alive_right": 2, "money": 3250,
    "place": "Long A", "health": 87, "armor": 100, "helmet": True, "clip": 7, "reserve": 30, "weapon": "AWP | Phobos",
    "hud_color": "white", "phase": "live",
}  # fmt: skip
SAID = {**VALID, "game_state": {**VALID["game_state"], "player_health": 37, "weapon_in_hand": "AWP"}}


@pytest.fixture
def models(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FakeModelServer, FakeModelServer]]:
    """The models "large" and "embedded", which reads tiles; where the HUD stands is not looked for."""
    large, small = FakeModelServer(free_port()), FakeModelServer(free_port())
    settings.MODEL_SERVERS = [
        {"alias": "large", "url": large.url},
        {"alias": "embedded", "url": small.url, "kind": "embedded", "sees": "hud"},
    ]
    monkeypatch.setattr(embedded, "find", lambda image: None)
    large.answer, small.answer = json.dumps(SAID), json.dumps(READING)
    large.start()
    small.start()
    keeper.note(servers()[1], up=True, sentence="The model server is up.")
    yield large, small
    large.stop()
    small.stop()


async def answered(client: Any, pk: str) -> dict[str, Any]:
    async with page(client) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        return (await until_done(socket))[-1]


def prompt(server: FakeModelServer) -> str:
    return json.dumps(server.requests[-1]["messages"], ensure_ascii=False)


async def test_what_the_reader_sees_otherwise_is_marked(
    models: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    done = await answered(signed_in, await asyncio.to_thread(upload, alias="large"))
    assert (done["status"], done["answered_by"]) == ("complete", "large")
    assert done["reader"]["game_state.player_health"] == "87"
    assert "game_state.weapon_in_hand" not in done["reader"], "without its skin it is the same"
    found = await row(done["id"])
    assert found.reading == READING
    assert selectors.state(found)["reader"] == done["reader"]
    shown = await asyncio.to_thread(signed_in.get, reverse("coach:analysis", args=[done["id"]]))
    assert "reader: 87" in shown.content.decode()
    assert "The HUD reads" not in prompt(models[0]), "only where the alias is grounded"


async def test_a_grounded_model_is_told_what_the_hud_reads(
    models: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str], settings: Any
) -> None:
    settings.MODEL_SERVERS[0]["grounded"] = True
    await answered(signed_in, await asyncio.to_thread(upload, alias="large"))
    asked = prompt(models[0])
    assert "The HUD reads: health 87, armour 100 with helmet" in asked
    assert len(models[1].requests) == 1, "read once"


@pytest.mark.parametrize("mode", ["busy", "cut", "hanging", "html"])
async def test_an_answer_does_not_hang_on_its_reader(
    models: tuple[FakeModelServer, FakeModelServer],
    signed_in: Any,
    upload: Callable[..., str],
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    mode: str,
) -> None:
    monkeypatch.setattr(crosscheck, "WITHIN_S", 0.2)
    settings.MODEL_SERVERS[0]["grounded"] = True
    models[1].mode = mode
    done = await answered(signed_in, await asyncio.to_thread(upload, alias="large"))
    assert (done["status"], done["reader"]) == ("complete", {})
    assert (await row(done["id"])).reading == {}


async def test_a_reader_that_is_down_or_answers_itself_is_not_asked(
    models: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    keeper.note(servers()[1], up=False, sentence="The model server is down.")
    done = await answered(signed_in, await asyncio.to_thread(upload, alias="large"))
    assert (done["reader"], models[1].requests) == ({}, [])
    models[1].answer = json.dumps(SAID)
    done = await answered(signed_in, await asyncio.to_thread(upload, alias="embedded"))
    assert (done["answered_by"], done["reader"], len(models[1].requests)) == ("embedded", {}, 1)


async def test_nonsense_of_the_reader_is_no_reading(
    models: tuple[FakeModelServer, FakeModelServer], signed_in: Any, upload: Callable[..., str]
) -> None:
    models[1].answer = json.dumps({**READING, "health": "<img onerror=alert(1)>", "clock": [[]], "money": 1e308})
    done = await answered(signed_in, await asyncio.to_thread(upload, alias="large"))
    assert "game_state.player_health" not in done["reader"]
    assert (await row(done["id"])).reading["money"] is None


def test_grounded_is_true_or_false() -> None:
    entry = {"alias": "large", "url": "http://gpu:8000/v1"}
    assert [read_servers([{**entry, **more}])[0].grounded for more in ({}, {"grounded": True})] == [False, True]
    with pytest.raises(ImproperlyConfigured, match="grounded is true or false"):
        read_servers([{**entry, "grounded": "false"}])


def test_marks_need_something_on_both_sides() -> None:
    assert crosscheck.marks(SAID, {}) == {}
    assert crosscheck.marks({}, READING) == {}
    assert crosscheck.marks({"game_state": "none"}, READING) == {}
    assert crosscheck.marks({"game_state": {"player_health": 3, "player_side": []}}, READING) == {
        "game_state.player_health": "87"
    }
