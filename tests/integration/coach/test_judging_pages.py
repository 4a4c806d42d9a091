"""What is done with an answer, and by whom: rating, sharing, correcting, deciding on corrections, deleting."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apps.coach.models import Analysis, AnalysisStatus, Correction, Frame
from apps.core import storage
from tests.integration.coach.fake_server import VALID

pytestmark = pytest.mark.django_db
HEALTH = "game_state.player_health"


@pytest.fixture
def answered(upload: Callable[..., str]) -> str:
    pk = upload("Round 3")
    Analysis.objects.filter(pk=pk).update(status=AnalysisStatus.COMPLETE, answer=VALID, raw_text=json.dumps(VALID))
    return pk


@pytest.fixture
def signed_in_as(make_user: Callable[..., Any]) -> Callable[..., Client]:
    def sign_in(role: str, name: str) -> Client:
        client = Client()
        client.force_login(make_user(role, name))
        return client

    return sign_in


def post(client: Client, pk: str, verb: str, **data: str) -> int:
    return client.post(f"/coach/analyses/{pk}/{verb}/", data).status_code


def correct(client: Client, pk: str, value: str, field: str = HEALTH) -> Any:
    return client.post(f"/coach/analyses/{pk}/correct/", {"field": field, "value": value})


def test_rating_takes_three_words_and_only_of_an_answer(signed_in: Any, answered: str, upload: Any) -> None:
    for said, kept in (("1", 1), ("-1", -1), ("0", None)):
        assert post(signed_in, answered, "rate", rating=said) == 200
        assert Analysis.objects.get(pk=answered).rating == kept
    assert post(signed_in, answered, "rate", rating="5") == 400
    assert post(signed_in, upload(), "rate", rating="1") == 400


@pytest.mark.parametrize("verb", ["rate", "share", "correct", "delete"])
def test_only_its_person_does_anything_with_it(
    answered: str, signed_in_as: Callable[..., Client], verb: str, signed_in: Any
) -> None:
    post(signed_in, answered, "share", shared="1")
    stranger = signed_in_as("admin", "stranger")
    assert stranger.get(f"/coach/analyses/{answered}/").status_code == 200
    assert post(stranger, answered, verb, rating="1", field=HEALTH, value="1") == 404
    assert Analysis.objects.get(pk=answered).rating is None
    post(signed_in, answered, "share", shared="")
    for page in ("", "state/", "image/", "frames/0/"):
        assert stranger.get(f"/coach/analyses/{answered}/{page}").status_code == 404


@pytest.mark.parametrize(
    "value", ["187", "-1", "1.5", '"87"', "NaN", "1e999", "[" * 400, "", '{"a": 1}', "x" * 600, "true"]
)
def test_a_value_the_schema_does_not_know_is_refused(signed_in: Any, answered: str, value: str) -> None:
    response = correct(signed_in, answered, value)
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")
    assert not Correction.objects.exists()


def test_a_correction_is_shown_until_it_is_said_again(signed_in: Any, answered: str) -> None:
    assert correct(signed_in, answered, "1", "advice.callout").status_code == 400
    assert correct(signed_in, answered, "87").json() == {"field": HEALTH, "value": 87}
    assert correct(signed_in, answered, "null").status_code == 200
    assert signed_in.get(f"/coach/analyses/{answered}/state/").json()["corrections"] == {HEALTH: None}
    assert "The model said: 100" in signed_in.get(f"/coach/analyses/{answered}/").content.decode()


def test_reviewers_see_corrected_frames_and_decide(
    signed_in: Any, answered: str, signed_in_as: Callable[..., Client]
) -> None:
    one, two = signed_in_as("reviewer", "one"), signed_in_as("reviewer", "two")
    image = f"/coach/analyses/{answered}/image/"
    assert one.get(image).status_code == 404
    correct(signed_in, answered, "87")
    assert one.get(image).status_code == 200
    assert signed_in.get("/coach/corrections/").status_code == 403
    row = Correction.objects.get()
    address = f"/coach/corrections/{row.pk}"
    assert one.post(f"{address}/decide/", {"decision": "maybe"}).status_code == 422
    assert one.post(f"{address}/decide/", {"decision": "accepted"}).status_code == 200
    late = two.post(f"{address}/decide/", {"decision": "rejected"})
    assert late.status_code == 409
    assert "first" in late.content.decode()
    assert two.post(f"{address}/undo/").status_code == 409
    assert one.post(f"{address}/undo/").status_code == 200
    row.refresh_from_db()
    assert row.status == "open"
    assert correct(signed_in, answered, "88").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=smoke+RAMP", True),
        ("q=dust2", True),
        ("q=flash+cross", True),  # of what to do if that fails
        ("q=round+3", True),
        ("q=bomb_status", False),
        ("q=100%25", False),
        ("q=" + "x+" * 40, False),
        ("whose=team", False),
        ("count=²", True),
        ("count=99999999999", True),
        ("count=0", True),
    ],
)
def test_history_finds_values_and_no_names_of_fields(signed_in: Any, answered: str, query: str, found: bool) -> None:
    assert (answered in signed_in.get(f"/coach/history/?{query}").content.decode()) == found


def test_the_team_sees_what_is_shared(signed_in: Any, answered: str, signed_in_as: Callable[..., Client]) -> None:
    Analysis.objects.filter(pk=answered).update(answer="no object", status=AnalysisStatus.INVALID)
    post(signed_in, answered, "share", shared="1")
    listed = signed_in_as("viewer", "other").get("/coach/history/?whose=team").content.decode()
    assert answered in listed
    assert f"by {signed_in.user.get_username()}" in listed


def test_a_frame_that_is_not_kept_any_more_is_said_so(signed_in: Any, answered: str) -> None:
    Frame.objects.update(image="")
    assert signed_in.get(f"/coach/analyses/{answered}/image/").status_code == 404
    assert "not kept any more" in signed_in.get(f"/coach/analyses/{answered}/").content.decode()
    assert "frame not kept" in signed_in.get("/coach/history/").content.decode()


def test_deleting_takes_the_files_along_and_waits_for_the_answer(
    signed_in: Any, answered: str, django_capture_on_commit_callbacks: Any
) -> None:
    name = Frame.objects.get().image
    Analysis.objects.update(status=AnalysisStatus.STREAMING)
    page = signed_in.post(f"/coach/analyses/{answered}/delete/", follow=True).content.decode()
    assert "Cancel it first" in page
    Analysis.objects.update(status=AnalysisStatus.COMPLETE)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(signed_in, answered, "delete") == 302
    assert not Analysis.objects.exists()
    assert not storage.artefacts().exists(name)


def test_two_models_three_frames_and_a_moment_that_is_none(signed_in: Any, jpeg: bytes, settings: Any) -> None:
    settings.MODEL_SERVERS = [
        {"alias": name, "url": f"http://127.0.0.1:{port}/v1"} for name, port in (("a", 9), ("b", 10))
    ]
    answer = _ask(signed_in, [jpeg] * 3, alias="a", alias_b="b", moment_demo="7", moment_tick="1")
    assert answer.status_code == 201
    rows = [Analysis.objects.get(pk=pk) for pk in answer.json()["ids"]]
    assert [(row.alias, row.frames.count(), row.moment) for row in rows] == [("a", 3, None), ("b", 3, None)]
    assert rows[0].pair == rows[1].pair is not None
    four = _ask(signed_in, [jpeg] * 4)
    assert (four.status_code, "at most 3" in four.json()["error"]) == (400, True)
    assert "no model" in _ask(signed_in, [jpeg], alias="gone").json()["error"]


def _ask(client: Any, images: list[bytes], **told: str) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    files = [SimpleUploadedFile(f"{number}.jpg", data) for number, data in enumerate(images)]
    return client.post("/coach/analyse/", {"image": files, **told})


def test_the_page_of_a_question_without_an_answer_has_no_empty_cards(
    signed_in: Any, upload: Callable[..., str]
) -> None:
    pk = upload()
    Analysis.objects.filter(pk=pk).update(status=AnalysisStatus.FAILED, error="No model server answers.")
    page = signed_in.get(f"/coach/analyses/{pk}/").content.decode()
    assert "No model server answers." in page
    assert "What I see" not in page
