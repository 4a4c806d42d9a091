"""Excluding and restoring rounds by the API: the rules of the page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.models import User
from apps.core.services import tokens
from apps.demos.models import Demo, DemoStatus, DemoTeam, Round, RoundDecision
from tests.integration.demos.matches import made_match

pytestmark = pytest.mark.django_db


@pytest.fixture
def api(make_user: Callable[..., User]) -> Client:
    """A reviewer's program."""
    token = tokens.make(make_user("reviewer"), "a script", days=None)[1]
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {token}"})


def decide(client: Client, demo: Demo, ordinal: object, body: object) -> Any:
    address = f"/api/demos/{demo.pk}/rounds/{ordinal}/decision"
    return client.post(address, body, content_type="application/json")


def score(demo: Demo) -> list[int]:
    return list(DemoTeam.objects.filter(demo=demo).values_list("score", flat=True))


def test_a_program_excludes_and_restores_a_round(api: Client) -> None:
    demo = made_match(13)
    assert score(demo) == [6, 7]
    for _ in range(2):  # the second call changes nothing, and says the same
        answer = decide(api, demo, 2, {"counts": False, "reason": "server \0 lagged"})
        assert answer.status_code == 200, answer.content
        assert (answer.json()["number"], answer.json()["not_counted"]) == (None, "excluded")
    assert score(demo) == [5, 7]
    assert decide(api, demo, 2, {"counts": True, "reason": "it was fine"}).json()["number"] == 1
    assert score(demo) == [6, 7]
    links = api.get(f"/api/demos/{demo.pk}").json()["links"]
    trail = api.get(links["decisions"]).json()
    assert [(one["counts"], one["reason"], one["user"]) for one in trail] == [
        (True, "it was fine", "a-reviewer"),
        (False, "server  lagged", "a-reviewer"),
    ]
    assert trail[0]["start_tick"] == Round.objects.get(demo=demo, ordinal=2).start_tick


@pytest.mark.parametrize(
    ("ordinal", "body", "status", "words"),
    [
        (2, {"counts": False}, 422, "“reason”"),
        (2, {"counts": False, "reason": " \0 "}, 422, "Say why"),
        (2, {"counts": False, "reason": "x" * 301}, 422, "300 characters"),
        (2, {"counts": False, "reason": "lag \ud800"}, 422, "unicode"),
        (2, {"counts": None, "reason": "lag"}, 422, "“counts”"),
        (2, {"counts": False, "reason": "lag", "round": 3}, 422, "“round”: there is no such field"),
        (2, [], 422, "JSON object"),
        (99, {"counts": False, "reason": "lag"}, 404, "no such round"),
        (10**30, {"counts": False, "reason": "lag"}, 404, "no such round"),
    ],
)
def test_what_is_refused(api: Client, ordinal: int, body: object, status: int, words: str) -> None:
    answer = decide(api, made_match(2), ordinal, body)
    assert (answer.status_code, words in answer.json()["error"]) == (status, True), answer.content
    assert not RoundDecision.objects.exists()


def test_not_during_an_import_nor_by_a_viewer(api: Client, make_user: Callable[..., User], client: Client) -> None:
    demo, body = made_match(2), {"counts": False, "reason": "lag"}
    viewer = make_user("viewer")
    other = Client(headers={"Authorization": f"Bearer {tokens.make(viewer, 'x', days=None)[1]}"})
    assert decide(other, demo, 2, body).status_code == 403
    assert other.get(reverse("api:round-decisions", args=[demo.pk])).json() == []
    assert decide(Client(), demo, 2, body).status_code == 401
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_user("reviewer", "another"))
    assert decide(browser, demo, 2, body).status_code == 403  # without the CSRF token
    Demo.objects.filter(pk=demo.pk).update(status=DemoStatus.IMPORTING)
    answer = decide(api, demo, 2, body)
    assert (answer.status_code, "being imported" in answer.json()["error"]) == (409, True)
    assert not RoundDecision.objects.exists()
    assert api.get(f"/api/demos/{demo.pk + 1}/decisions").status_code == 404
