"""What nobody should send, sent all the same: to the address that takes frames, and by a model through the socket."""

import asyncio
import html
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from apps.coach.models import Analysis
from apps.coach.services import asking
from apps.core import storage
from tests.integration.coach.fake_server import VALID, FakeModelServer
from tests.integration.coach.sockets import opened, page, row, until_done
from tests.unit.coach.test_frames import encode, huge_png, plain

pytestmark = pytest.mark.django_db(transaction=True)


def post(client: Any, *images: bytes, **told: Any) -> Any:
    files = [SimpleUploadedFile("frame.png", data, "image/png") for data in images]
    return client.post("/coach/analyse/", {"image": files, **told})


def kept() -> list[str]:
    """The files of frames, those of other tests among them."""
    return sorted(storage.artefacts().listdir("coach")[1]) if storage.artefacts().exists("coach") else []


def broken_chunk() -> bytes:
    data = bytearray(encode(plain(), "PNG"))
    data[data.index(b"IDAT") + 10] ^= 0xFF
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (encode(plain(1, 1), "PNG"), "1×1"),
        (encode(plain(20_000, 100), "PNG"), "too long and thin"),
        (huge_png(50_000, 50_000), "million pixels"),
        (encode(plain(), "JPEG")[:-300], "damaged"),
        (broken_chunk(), "damaged"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "not an image"),
        (b"<!doctype html><img src=x onerror=alert(1)>", "not an image"),
        (b"%PDF-1.7\n%\xe2\xe3", "not an image"),
        (encode(plain(), "GIF"), "not an image"),
    ],
    ids=["1x1", "200:1", "bomb", "cut-jpeg", "png-chunk", "svg", "html", "pdf", "gif"],
)
def test_what_is_no_frame_is_refused_in_a_sentence(signed_in: Any, data: bytes, said: str) -> None:
    before = kept()
    response = post(signed_in, encode(plain(), "JPEG"), data)  # beside a good one: nothing of either is kept
    assert response.status_code == 400
    assert said in response.json()["error"]
    assert not Analysis.objects.exists()
    assert kept() == before


@pytest.mark.parametrize(
    "data",
    [
        encode(plain().convert("CMYK"), "JPEG"),
        encode(plain().quantize(4), "PNG"),
        encode(plain().convert("I;16"), "PNG") if hasattr(Image, "MODES") else b"",
        encode(plain().convert("RGBA"), "WEBP"),
        encode(plain(), "PNG", save_all=True, append_images=[plain(), plain()], duration=50),
        encode(plain(), "PNG") + b"<script>alert(2)</script>PK\x03\x04",
    ],
    ids=["cmyk", "palette", "16-bit", "alpha", "animated", "polyglot"],
)
def test_every_unusual_picture_becomes_a_plain_jpeg(signed_in: Any, data: bytes) -> None:
    made = post(signed_in, data)
    assert made.status_code == 201, made.content
    stored = storage.read_bytes(Analysis.objects.get(pk=made.json()["id"]).image)
    with Image.open(io.BytesIO(stored)) as image:
        assert (image.format, image.mode, getattr(image, "n_frames", 1)) == ("JPEG", "RGB", 1)
    assert b"script" not in stored


def test_a_turned_picture_is_stood_up(signed_in: Any) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    made = Analysis.objects.get(pk=post(signed_in, encode(plain(), "JPEG", exif=exif)).json()["id"])
    assert (made.width, made.height) == (200, 320)


@pytest.mark.parametrize("address", ["file:///etc/passwd", "http://169.254.169.254/latest", "https://localhost/x.png"])
def test_addresses_of_pictures_are_words_and_never_fetched(signed_in: Any, address: str, jpeg: bytes) -> None:
    refused = signed_in.post("/coach/analyse/", {"image": address})
    assert (refused.status_code, "screenshot first" in refused.json()["error"]) == (400, True)
    assert post(signed_in, address.encode()).status_code == 400
    made = post(signed_in, jpeg, context=address)  # as words it may stand there
    assert Analysis.objects.get(pk=made.json()["id"]).context == address


def test_too_many_bytes_together_are_refused(signed_in: Any, monkeypatch: pytest.MonkeyPatch, jpeg: bytes) -> None:
    monkeypatch.setattr(asking, "MAX_UPLOAD_BYTES", len(jpeg) + 10)
    response = post(signed_in, jpeg, jpeg)
    assert (response.status_code, "together" in response.json()["error"]) == (400, True)
    huge = signed_in.post("/coach/analyse/", {"image": SimpleUploadedFile("x.png", b"x" * 200_000)})
    assert (huge.status_code, "Send fewer" in huge.json()["error"]) == (413, True)


@pytest.mark.parametrize(  # not "context": that is a browser's
    "words", ["\u202egnp.exe", "<img src=x onerror=alert(1)>", '{"a": NaN, "a": 1e308}', "[" * 3_000, "a\r\n\tb"]
)
def test_words_of_a_person_are_kept_as_words(signed_in: Any, jpeg: bytes, words: str) -> None:
    made = post(signed_in, jpeg, context=words)
    assert made.status_code == 201
    shown = signed_in.get(made.json()["url"]).content.decode()
    assert html.escape(words.split("\r")[0]) in shown
    assert "<img src=x" not in shown


def answer(**changed: Any) -> str:
    return json.dumps({**VALID, **changed})


@pytest.mark.parametrize(
    "text",
    [
        '{"game_state": {"player_health": 1, "player_health": 2}, "game_state": {}}',
        '{"game_state": {"player_health": NaN, "player_money": Infinity}}',
        '{"game_state": {"player_health": 1e308, "player_money": 1e999}}',
        '{"game_state": ' + "[" * 900 + "]" * 900 + "}",
        '{"advice": ' + '{"a":' * 500,
        '{"advice": {"callout": "\\ud800 and \\u0000 and \\u202e"}}',
        answer(advice=[1, {"primary_action": "<img src=x onerror=alert(1)>"}]),
        answer(analysis={**VALID["analysis"], "immediate_threats": "<img src=x onerror=alert(1)>"}),
        answer(game_state={"<img src=x onerror=alert(1)>": 1}),
        "null",
        "",
        "```json\n" + answer(advice={}) + "\n```",
    ],
    ids=[
        *("duplicate-keys", "nan", "1e308", "deep-list", "deep-object", "surrogate", "list-of-advice", "text-for-list"),
        *("html-key", "null", "nothing", "fenced"),
    ],
)
async def test_whatever_a_model_writes_is_kept_told_to_be_invalid_and_shown_as_text(
    fake_server: FakeModelServer, signed_in: Any, upload: Callable[..., str], text: str
) -> None:
    fake_server.answer = text
    pk = await asyncio.to_thread(upload)
    async with page(signed_in) as socket:
        await (await opened(socket)).send_json_to({"start": pk})
        done = (await until_done(socket))[-1]
    assert done["status"] == "invalid"
    assert done["problems"]
    assert (await row(pk)).raw_text == text
    state = await asyncio.to_thread(signed_in.get, f"/coach/analyses/{pk}/state/")
    assert state.json()["status"] == "invalid"
    for address in (f"/coach/analyses/{pk}/", "/coach/history/"):
        shown = await asyncio.to_thread(signed_in.get, address)
        assert shown.status_code == 200
        assert "<img src=x" not in shown.content.decode()
