"""Addresses and forms that ask for a row by something that is no number are answered, not broken."""

from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.test import Client

from apps.core.models import User

ODD = {
    "superscript": "²",
    "arabic digits": "٣",
    "sixty digits": "9" * 60,
    "five thousand digits": "9" * 5000,
    "just beyond 64 bits": str(2**63),
    "negative": "-1",
    "nan": "NaN",
    "exponent": "1e308",
    "nul": "\0",
    "nul behind a number": "1\0",
    "uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
    "half a uuid": "6f9619ff-8b86",
    "words": "1 or 1=1",
}
ADMIN = [f"/admin/training/{model}/" for model in ("dataset", "trainingrun", "checkpoint", "evaluation")]
ADMIN_PAGES = [
    place + tail
    for place in ADMIN
    for tail in (
        "{}/",
        "{}/change/",
        "{}/history/",
        "{}/delete/",
        "?p={}",
        "?o={}",
        "?q={}",
        "?id={}",
        "?id__exact={}",
        "?id__in={}",
        "?status__exact={}",
        "?job__id__exact={}",
    )
]
FORMS = [
    *(f"/admin/training/trainingrun/add/?{name}={{}}" for name in ("dataset", "start", "method")),
    "/admin/training/trainingrun/add/?dataset={}&start={}&method={}",
    *(f"/admin/training/evaluation/add/?{name}={{}}" for name in ("checkpoint", "dataset", "split")),
    *(f"/admin/training/dataset/add/?{name}={{}}" for name in ("map_name", "name")),
]
PAGES = [
    *(f"/training/{kind}/{{}}/state/" for kind in ("dataset", "run", "evaluation")),
    "/training/{}/1/state/",
    "/training/runs/{}/data/",
    "/training/memory/?dataset={}",
    "/training/memory/?method=sft&dataset={}&start={}&sft-steps={}",
    "/captures/{}/",
    "/captures/{}/targets/",
    "/captures/?page={}",
    "/captures/new/?demo={}",
    "/captures/preview/?demo={}&interval_s={}&budget={}",
    "/captures/frames/{}.jpg",
    "/captures/review/?plan={}",
    "/captures/review/?after={}",
    "/captures/review/{}/",
    "/?page={}",
    "/?team={}&event={}&since={}&until={}&player={}&state={}&sort={}&group={}&tag={}&q={}",
    "/?group=team&page={}",
    "/demos/suggest/?kind=player&player={}",
    "/demos/{}/state/",
    "/players/{}/",
    "/teams/{}/",
    "/events/{}/",
    "/demos/{}/",
    "/demos/{}/rounds/{}/",
    "/demos/{}/rounds/{}/pack/",
    "/jobs/?page={}",
    "/jobs/{}/",
    "/admin/core/job/?q={}",
]
SENT = [  # (where, the fields that carry it)
    ("/captures/new/", ("demo", "interval_s", "budget")),
    ("/captures/new/", ("title",)),
    ("/captures/{}/again/", ()),
    ("/captures/{}/delete/", ()),
    ("/captures/frames/{}/decide/", ("decision", "version", "plan")),
    ("/captures/reviews/{}/undo/", ("plan",)),
    ("/demos/{}/delete/", ()),
    ("/demos/{}/recording/delete/", ()),
    ("/demos/{}/describe/", ("tags", "event", "team0", "played_at", "notes")),
    ("/demos/bulk/", ("demo", "action", "value", "query")),
    ("/account/tokens/", ("name", "days")),
    ("/account/tokens/{}/revoke/", ()),
    ("/training/runs/{}/stop/", ()),
    ("/training/runs/{}/evaluate/", ("key",)),
    ("/admin/training/dataset/add/", ("name", "map_name", "val", "seed", "key")),
    ("/admin/training/trainingrun/add/", ("dataset", "start", "method", "preset", "key", "sft-steps")),
    ("/admin/training/evaluation/add/", ("checkpoint", "dataset", "split", "key")),
]
STOP_ASKING = 286  # what a page asks for every few seconds is not there any more
ANSWERS = (200, STOP_ASKING, 302, 400, 403, 404)


@pytest.fixture
def researcher(make_user: Callable[..., User], client: Client) -> Client:
    client.force_login(make_user("researcher"))
    return client


@pytest.mark.parametrize("place", [*PAGES, *FORMS, *ADMIN_PAGES])
def test_an_odd_number_in_an_address_is_answered(researcher: Client, place: str) -> None:
    answers = {name: researcher.get(place.replace("{}", quote(odd, safe=""))) for name, odd in ODD.items()}
    assert {name: answer.status_code for name, answer in answers.items() if answer.status_code not in ANSWERS} == {}
    assert all(answer.content for answer in answers.values() if answer.status_code not in (302, STOP_ASKING)), (
        "not a word"
    )


@pytest.mark.parametrize(("place", "fields"), SENT, ids=[place + ",".join(fields) for place, fields in SENT])
def test_an_odd_number_sent_by_a_form_is_answered(researcher: Client, place: str, fields: tuple[str, ...]) -> None:
    found = {
        name: researcher.post(place.replace("{}", quote(odd, safe="")), dict.fromkeys(fields, odd)).status_code
        for name, odd in ODD.items()
    }
    assert {name: status for name, status in found.items() if status not in (*ANSWERS, 422)} == {}
