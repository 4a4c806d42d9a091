"""The REST API: tokens and sessions, recordings, tables, uploads, and errors that are sentences."""

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core import storage
from apps.core.models import ApiToken, User
from apps.core.services import throttling, tokens
from apps.demos.models import Demo, DemoStatus, DemoTeam, Player, Round
from apps.demos.services import describing

LIST = "/api/demos"


@pytest.fixture
def person(make_user: Callable[..., User]) -> User:
    return make_user("viewer")


@pytest.fixture
def token(person: User) -> str:
    return tokens.make(person, "a script", days=30)[1]


@pytest.fixture
def api(token: str) -> Client:
    """A program with a token: no session, and CSRF checked as in life."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})


@pytest.fixture
def demo(person: User) -> Demo:
    row = Demo.objects.create(
        sha256="a" * 64,
        original_name="faze-vs-g2-m1-nuke.dem",
        size=5,
        recording=storage.put_bytes("recordings/a.dem", b"bytes"),
        status=DemoStatus.READY,
        uploaded_by=person,
        map_name="de_nuke",
        has_positions=True,
        warnings=["The end is missing."],
    )
    DemoTeam.objects.create(demo=row, roster=0, clan_name="FaZe", score=13)
    Player.objects.create(demo=row, slot=3, steamid=76561198000000001, name="<b>", statistics={"kills": 3})
    Round.objects.create(demo=row, ordinal=1, number=1, start_tick=0, end_tick=100, winner_side="CT")
    kills = pl.DataFrame(
        {"tick": [10, 20, 30], "distance": [1.5, float("nan"), float("inf")], "steamid": [76561198000000001] * 3},
        schema_overrides={"steamid": pl.UInt64},
    )
    place = f"demos/{row.sha256}/kills.parquet"
    buffer = BytesIO()
    kills.write_parquet(buffer)
    storage.put_bytes(place, buffer.getvalue())
    describing.describe(row)
    return row


def error(response: Any, status: int) -> str:
    """The sentence of an error."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"].startswith("application/json")
    sentence = str(response.json()["error"])
    assert sentence.endswith(".")
    return sentence


def test_a_token_is_shown_once_and_kept_as_a_hash(person: User, client: Client) -> None:
    client.force_login(person)
    page = client.post(reverse("core:token-make"), {"name": "<i>script</i>", "days": "30"})
    text = page.context["text"]
    assert text in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    row = ApiToken.objects.get()
    assert text.startswith(row.prefix)
    assert text not in json.dumps({name: str(value) for name, value in vars(row).items()})
    again = client.get(reverse("core:account")).content.decode()
    assert text not in again
    assert "&lt;i&gt;script" in again
    assert Client(headers={"Authorization": f"bearer {text}"}).get(LIST).status_code == 200
    row.refresh_from_db()
    assert row.last_used_at is not None
    client.post(reverse("core:token-revoke", args=[row.pk]))
    error(Client(headers={"Authorization": f"Bearer {text}"}).get(LIST), 401)


def test_whose_token_no_longer_counts(person: User, token: str, api: Client, make_user: Callable[..., User]) -> None:
    assert api.get(LIST).status_code == 200
    person.groups.clear()
    assert "role" in error(api.get(LIST), 403)
    User.objects.filter(pk=person.pk).update(is_active=False)
    error(api.get(LIST), 401)
    User.objects.filter(pk=person.pk).update(is_active=True)
    ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    error(api.get(LIST), 401)
    other = make_user("admin")
    assert tokens.revoke(other, ApiToken.objects.get().pk) is None
    with pytest.raises(tokens.Refused):
        tokens.make(person, " \n", days=None)


def test_unknown_tokens_are_slowed_down_and_right_ones_are_not(api: Client) -> None:
    wrong = Client(headers={"Authorization": "Bearer wrong\ud800".encode("utf-8", "ignore").decode()})
    throttling.forget_tries(" token", "127.0.0.1")
    statuses = [wrong.get(LIST).status_code for _ in range(throttling.TRIES + 1)]
    assert statuses == [401] * throttling.TRIES + [429]
    assert int(wrong.get(LIST).headers["Retry-After"]) > 0
    assert api.get(LIST).status_code == 200
    throttling.forget_tries(" token", "127.0.0.1")


def test_a_token_opens_the_api_and_uploads_alone(api: Client) -> None:
    assert api.get("/").status_code == 302
    assert api.get(reverse("core:account")).status_code == 302
    assert api.get("/api/docs").status_code == 200
    assert api.options("/uploads/").status_code in (200, 204)


def test_a_session_reads_and_writes_with_the_csrf_token(person: User, demo: Demo) -> None:
    browser = Client(enforce_csrf_checks=True)
    error(browser.get(LIST), 401)
    browser.force_login(person)
    assert browser.get(LIST).json()["count"] == 1
    change = {"data": json.dumps({"tags": ["x"]}), "content_type": "application/json"}
    assert "CSRF" in error(browser.patch(f"{LIST}/{demo.pk}", **change), 403)
    browser.get("/")
    cookie = browser.cookies["csrftoken"].value
    assert browser.patch(f"{LIST}/{demo.pk}", **change, headers={"X-CSRFToken": cookie}).json()["tags"] == ["x"]


def test_list_search_and_detail(api: Client, demo: Demo) -> None:
    page = api.get(LIST, {"q": "faze nuke", "platform": "hltv", "limit": 1}).json()
    assert (page["count"], page["next_offset"]) == (1, None)
    row = page["items"][0]
    assert (row["map"], row["warnings"], row["teams"][0]["name"]) == ("de_nuke", ["The end is missing."], "FaZe")
    assert api.get(LIST, {"map": "de_mirage"}).json()["items"] == []
    detail = api.get(f"{LIST}/{demo.pk}").json()
    for address in detail["links"].values():
        assert api.get(address).status_code in (200, 302)
    assert api.get(detail["links"]["players"]).json()[0]["steamid"] == "76561198000000001"
    assert api.get(detail["links"]["rounds"]).json()[0]["winner_side"] == "CT"
    assert api.get(detail["links"]["tables"]).json() == ["kills"]
    exports = api.get(detail["links"]["exports"]).json()
    assert set(exports) == {"json", "csv", "parquet", "viewer"}
    assert "attachment" in api.get(exports["json"]).headers["Content-Disposition"]
    found = api.get("/api/search", {"q": "fa"}).json()
    assert ([d["id"] for d in found["demos"]], found["teams"]) == ([demo.pk], ["FaZe"])


def test_rows_of_a_table(api: Client, demo: Demo) -> None:
    address = f"{LIST}/{demo.pk}/tables/kills"
    answer = api.get(address, {"start_tick": 20, "limit": 1}).json()
    assert answer == {"rows": [{"tick": 20, "distance": None, "steamid": "76561198000000001"}], "next_offset": 1}
    assert api.get(address, {"columns": "tick", "offset": 2}).json() == {"rows": [{"tick": 30}], "next_offset": None}
    assert "it has tick" in error(api.get(address, {"columns": "password"}), 422)
    error(api.get(f"{LIST}/{demo.pk}/tables/secret"), 422)
    error(api.get(f"{LIST}/{demo.pk}/tables/shots"), 404)


def test_changing_and_deleting(api: Client, demo: Demo, make_user: Callable[..., User]) -> None:
    address = f"{LIST}/{demo.pk}"

    def patch(body: Any) -> Any:
        data = body if isinstance(body, str) else json.dumps(body)
        return api.patch(address, data, content_type="application/json")

    changed = patch({"tags": ["Eco"], "notes": "a\nb", "event": "Cup", "played_at": "2025-01-02T03:04:05Z"}).json()
    assert (changed["tags"], changed["notes"], changed["event"]["name"]) == (["eco"], "a\nb", "Cup")
    assert patch({"event": None, "notes": "bad \ud800 half"}).json()["event"] is None
    for body in (
        {"notes": "x" * 10_001},
        {"tags": ["x" * 51]},
        {"tags": 3},
        {"played_at": "NaN"},
        {"played_at": "2025-01-02T03:04:05"},
    ):
        error(patch(body), 422)
    for body in ("{", "NaN", "[" * 100_000):
        error(patch(body), 400)
    error(patch(""), 422)
    error(patch({"notes": "x" * 10 * 1024**2}), 413)
    assert api.delete(f"{address}/recording").status_code == 204
    assert api.get(address).json()["has_recording"] is False
    foreign = Client(headers={"Authorization": f"Bearer {tokens.make(make_user('reviewer'), 'x', days=None)[1]}"})
    error(foreign.delete(address), 403)
    assert api.delete(address).status_code == 204
    error(api.get(address), 404)


def test_uploading(api: Client, person: User) -> None:
    answer = api.post("/api/uploads", {"recording": SimpleUploadedFile("x.dem", b"no recording at all")})
    assert answer.status_code == 201, answer.content
    assert answer.json()["results"][0]["outcome"] == "rejected"
    state = api.get(f"/api/uploads/{answer.json()['id']}").json()
    assert state == answer.json()
    error(api.post("/api/uploads"), 422)
    good = b"PBDEMS2\x00" + b"\0" * 600
    queued = api.post("/api/uploads", {"recording": SimpleUploadedFile("y.dem", good)}).json()["results"][0]
    assert queued["outcome"] == "queued"
    assert Demo.objects.get(pk=queued["demo"]).source == "api"
    assert api.get(f"/api/jobs/{queued['job']}").json()["status"] == "queued"
    assert api.post(f"/api/jobs/{queued['job']}/cancel").json()["status"] == "cancelled"
    assert [job["id"] for job in api.get("/api/jobs", {"status": "cancelled"}).json()] == [queued["job"]]


def test_a_deleted_recording_comes_back_with_the_same_content(api: Client, demo: Demo) -> None:
    content = b"PBDEMS2\x00" + b"\0" * 600
    Demo.objects.filter(pk=demo.pk).update(sha256=sha256(content).hexdigest())
    assert api.delete(f"{LIST}/{demo.pk}/recording").status_code == 204
    answer = api.post("/api/uploads", {"recording": SimpleUploadedFile("other.dem", content)}).json()
    assert (answer["results"][0]["outcome"], answer["results"][0]["demo"]) == ("duplicate_of", demo.pk)
    demo.refresh_from_db()
    assert (demo.status, demo.recording_deleted_at) == (DemoStatus.READY, None)
    assert storage.read_bytes(demo.recording) == content


def test_a_token_uploads_resumably(api: Client) -> None:
    tus = {"Tus-Resumable": "1.0.0", "Upload-Length": "600", "Upload-Metadata": "filename eC5kZW0="}
    made = api.post("/uploads/", headers=tus)
    assert made.status_code == 201, made.content
    assert api.head(made.headers["Location"], headers={"Tus-Resumable": "1.0.0"}).headers["Upload-Offset"] == "0"
    wrong = Client(headers={"Authorization": "Bearer wrong"})
    assert wrong.post("/uploads/", headers=tus).status_code == 401


def test_every_error_is_a_sentence(api: Client) -> None:
    error(api.get("/api/nothing/here"), 404)
    error(api.put(LIST), 405)
    for odd in ("99999999999999999999", "0"):
        error(api.get(f"{LIST}/{odd}"), 404)
    for query in ({"limit": 0}, {"limit": "²"}, {"state": "odd"}, {"since": "31.12."}, {"event": -1}):
        error(api.get(LIST, query), 422)
    error(api.get("/api/jobs/6f9619ff-8b86-d011-b42d-00c04fc964ff"), 404)
    error(api.get(f"{LIST}?q=%00"), 400)


def test_the_description_of_the_api(api: Client) -> None:
    schema = api.get("/api/openapi.json").json()
    assert schema["openapi"].startswith("3.")
    assert {"Token", "Session"} == set(schema["components"]["securitySchemes"])
    assert "/api/demos/{demo_id}" in schema["paths"]
    for path, methods in schema["paths"].items():
        assert path in api.get("/api/docs").content.decode()
        assert all(operation.get("description") for operation in methods.values()), path
    page = api.get("/api/docs?try").content.decode()
    assert "http://" not in page
    assert "https://" not in page


def test_packs_are_gzipped_only_for_who_takes_it(api: Client, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    from apps.demos.selectors import packs

    monkeypatch.setattr(packs, "stretch", lambda row: gzip.compress(b'{"ticks":[]}'))
    address = f"{LIST}/{demo.pk}/rounds/1/pack"
    assert api.get(address).json() == {"ticks": []}
    zipped = api.get(address, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(zipped.content) == b'{"ticks":[]}'
    error(api.get(f"{LIST}/{demo.pk}/rounds/9/pack"), 404)
