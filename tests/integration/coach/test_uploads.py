"""Frames come in by HTTP: what is taken, what is refused, and whose they are."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from apps.coach.models import Analysis, AnalysisStatus, CoachSession
from apps.coach.services import asking, lifecycle
from apps.core import storage

pytestmark = pytest.mark.django_db


def _file(data: bytes, name: str = "frame.png") -> io.BytesIO:
    file = io.BytesIO(data)
    file.name = name
    return file


def test_a_frame_is_stored_re_encoded_and_waits(signed_in: Any, upload: Callable[..., str]) -> None:
    row = Analysis.objects.get(pk=upload("Round 3, two seen mid"))
    assert (row.status, row.width, row.height) == (AnalysisStatus.QUEUED, 640, 360)
    assert row.context == "Round 3, two seen mid"
    assert row.user == signed_in.user == row.session.user
    assert storage.read_bytes(row.image).startswith(b"\xff\xd8")
    shown = signed_in.get(f"/coach/analyses/{row.pk}/image/")
    assert shown["Content-Type"] == "image/jpeg"
    assert b"".join(shown.streaming_content) == storage.read_bytes(row.image)


def test_questions_without_a_long_break_share_a_session(signed_in: Any, upload: Callable[..., str]) -> None:
    upload()
    upload()
    assert CoachSession.objects.get().analyses.count() == 2


@pytest.mark.parametrize(
    ("data", "name", "status", "said"),
    [
        (b"", "empty.png", 400, "empty"),
        (b"<svg onload=alert(1)>", "frame.png", 400, "not an image"),
        (b"%PDF-1.7", "frame.png", 400, "not an image"),
        (b"\xff\xd8\xff\xe0broken", "frame.jpg", 400, "JPEG, PNG or WebP"),
        (b"x" * (20 * 1024**2 + 1), "big.png", 413, "20 MB"),
        (b"x" * (21 * 1024**2), "bigger.png", 413, "20 MB"),
    ],
)
def test_what_is_no_frame_is_refused_and_leaves_nothing(
    signed_in: Any, data: bytes, name: str, status: int, said: str
) -> None:
    response = signed_in.post("/coach/analyse/", {"image": _file(data, name)})
    assert response.status_code == status
    assert said in response.json()["error"]
    assert not Analysis.objects.exists()
    assert not CoachSession.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd.png", "a" * 300 + ".png", "\u202egnp.exe", "C:\\x.png"])
def test_the_name_of_the_file_does_not_matter(signed_in: Any, jpeg: bytes, name: str) -> None:
    answer = signed_in.post("/coach/analyse/", {"image": _file(jpeg, name)}).json()
    assert Analysis.objects.get().image == f"coach/{answer['id']}-0.jpg"


def test_no_file_and_endless_context_are_said_so(signed_in: Any, jpeg: bytes) -> None:
    assert "screenshot first" in signed_in.post("/coach/analyse/", {}).json()["error"]
    response = signed_in.post("/coach/analyse/", {"image": _file(jpeg), "context": "x" * 5_000})
    assert "4000 characters" in response.json()["error"]


def test_strange_characters_in_the_context_are_refused_or_kept_as_text(signed_in: Any, jpeg: bytes) -> None:
    assert signed_in.post("/coach/analyse/", {"image": _file(jpeg), "context": "a\0b"}).status_code == 400
    words = "<img src=x onerror=alert(1)> {{ 1 }}"
    row = signed_in.post("/coach/analyse/", {"image": _file(jpeg), "context": words}).json()
    page = signed_in.get(row["url"]).content.decode()
    assert "&lt;img src=x" in page
    assert "<img src=x" not in page


def test_lines_count_as_the_page_counts_them(signed_in: Any, jpeg: bytes) -> None:
    lines = "\n".join(["x" * 39] * 100)  # 3999 characters, and as browsers send them 4098
    made = signed_in.post("/coach/analyse/", {"image": _file(jpeg), "context": lines.replace("\n", "\r\n")})
    assert made.status_code == 201
    assert Analysis.objects.get(pk=made.json()["id"]).context == lines


def test_a_post_without_the_token_is_refused(signed_in: Any, jpeg: bytes) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(signed_in.user)
    assert strict.post("/coach/analyse/", {"image": _file(jpeg)}).status_code == 403
    assert not Analysis.objects.exists()


def test_people_without_a_role_may_not_ask(client: Any, make_user: Callable[..., Any], jpeg: bytes) -> None:
    client.force_login(make_user(None))
    assert client.post("/coach/analyse/", {"image": _file(jpeg)}).status_code == 403
    assert client.get("/coach/").status_code == 403


@pytest.mark.parametrize("part", ["", "state/", "image/"])
@pytest.mark.parametrize("role", ["viewer", "admin"])
def test_another_persons_question_is_not_there(
    upload: Callable[..., str], client: Any, make_user: Callable[..., Any], part: str, role: str
) -> None:
    address = f"/coach/analyses/{upload()}/{part}"
    assert client.get(address).status_code == 200
    client.force_login(make_user(role, "somebody-else"))
    assert client.get(address).status_code == 404


def test_too_many_open_questions_are_refused_until_one_ends(
    signed_in: Any, upload: Callable[..., str], jpeg: bytes
) -> None:
    ids = [upload() for _ in range(asking.MAX_OPEN)]
    for pk in ids:
        lifecycle.move(pk, AnalysisStatus.STREAMING)
    response = signed_in.post("/coach/analyse/", {"image": _file(jpeg)})
    assert response.status_code == 429
    assert "6 questions open" in response.json()["error"]
    lifecycle.move(ids[0], AnalysisStatus.COMPLETE)
    assert signed_in.post("/coach/analyse/", {"image": _file(jpeg)}).status_code == 201


def test_frames_uploaded_but_never_asked_do_not_block(upload: Callable[..., str]) -> None:
    for _ in range(2 * asking.MAX_OPEN):
        upload()
    assert Analysis.objects.filter(status=AnalysisStatus.QUEUED).count() <= asking.MAX_OPEN


def test_the_state_tells_a_page_all_it_needs(signed_in: Any, upload: Callable[..., str]) -> None:
    pk = upload()
    assert signed_in.get(f"/coach/analyses/{pk}/state/").json() == {
        "id": pk,
        "status": "queued",
        "text": "",
        "answer": {},
        "problems": [],
        "error": "",
        "alias": "",
        "answered_by": "",
        "model": "",
        "first_token_ms": None,
        "total_ms": None,
        "tokens": None,
        "reader": {},
        "pair": None,
        "rating": None,
        "shared": False,
        "corrections": {},
    }


def test_the_live_page_and_its_history(signed_in: Any, upload: Callable[..., str]) -> None:
    assert "Nothing yet" in signed_in.get("/coach/").content.decode()
    pk = upload()
    assert f"/coach/analyses/{pk}/" in signed_in.get("/coach/").content.decode()
    assert f"/coach/analyses/{pk}/" in signed_in.get("/coach/history/").content.decode()


def test_misshapen_answers_do_not_break_their_page(signed_in: Any, upload: Callable[..., str]) -> None:
    pk = upload()
    answer = {"game_state": "no", "analysis": {"immediate_threats": "all", "opportunities": [1, None]}, "advice": [1]}
    Analysis.objects.filter(pk=pk).update(status="invalid", answer=answer, problems=["It is wrong."], raw_text="<b>")
    page = signed_in.get(f"/coach/analyses/{pk}/").content.decode()
    assert "It is wrong." in page
    assert "&lt;b&gt;" in page


def test_the_status_says_which_models_answer(signed_in: Any, fake_server: Any, wait_for: Callable[..., object]) -> None:
    wait_for(lambda: signed_in.get("/coach/status/").json()["up"])
    (alias,) = signed_in.get("/coach/status/").json()["aliases"]
    assert (alias["alias"], alias["up"]) == ("embedded", True)


@pytest.mark.django_db(transaction=True)
def test_questions_sent_at_once_do_not_pass_the_limit(make_user: Callable[..., Any], jpeg: bytes) -> None:
    user = make_user("viewer")

    def ask_once(number: int) -> bool:
        try:
            pk = asking.ask(user=user, uploads=[jpeg], context="").pk
            return lifecycle.move(pk, AnalysisStatus.STREAMING)
        except asking.TooMany:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(ask_once, range(12)))
    assert Analysis.objects.filter(status=AnalysisStatus.STREAMING).count() <= asking.MAX_OPEN


def test_a_persons_frames_go_with_them(
    upload: Callable[..., str], signed_in: Any, django_capture_on_commit_callbacks: Any
) -> None:
    image = Analysis.objects.get(pk=upload()).image
    with django_capture_on_commit_callbacks(execute=True):
        signed_in.user.delete()
    assert not Analysis.objects.exists()
    assert not storage.artefacts().exists(image)
