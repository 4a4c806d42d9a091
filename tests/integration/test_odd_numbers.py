"""Addresses that ask for a row by something that is no number are answered, not broken."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.core.models import User

ODD = ("²", "9" * 60, "9" * 5000, "-1", "NaN", "%00")
PLACES = (
    "/captures/new/?demo={}",
    "/captures/review/?plan={}",
    "/captures/review/?after={}",
    "/admin/training/dataset/{}/change/",
    "/admin/training/trainingrun/{}/change/",
    "/admin/training/checkpoint/{}/change/",
    "/admin/training/evaluation/add/?checkpoint={}",
    "/admin/training/trainingrun/add/?dataset={}",
    "/admin/training/trainingrun/add/?start={}",
    "/admin/training/trainingrun/add/?method={}",
    "/training/memory/?dataset={}",
    "/?page={}",
    "/captures/?page={}",
    "/jobs/?page={}",
    "/admin/training/trainingrun/?p={}",
    "/admin/training/trainingrun/?status__exact={}",
    "/admin/training/trainingrun/?q={}",
    "/admin/core/job/?q={}",
)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", ODD, ids=("superscript", "sixty digits", "five thousand", "negative", "nan", "nul"))
def test_an_odd_number_is_answered(make_user: Callable[..., User], client: Client, place: str, number: str) -> None:
    client.force_login(make_user("researcher"))
    assert client.get(place.format(number)).status_code in (200, 302, 404)
