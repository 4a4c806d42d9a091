"""Signing in, what every answer carries, and the address the launcher waits for."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"


def test_signing_in_leads_back_to_where_one_wanted_to_go(client: Client, make_user: Callable[..., User]) -> None:
    make_user("viewer", "ann")
    wanted = reverse("core:jobs")
    sent = client.get(wanted)
    assert sent.headers["Location"] == f"{reverse('core:login')}?next={wanted}"
    answer = client.post(sent.headers["Location"], {"username": "ann", "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == wanted
    assert client.get(wanted).status_code == 200


def test_a_wrong_password_says_so_and_keeps_the_name(client: Client, make_user: Callable[..., User]) -> None:
    make_user("viewer", "ann")
    answer = client.post(reverse("core:login"), {"username": "ann", "password": "wrong"})
    assert b"do not belong together" in answer.content
    assert b'value="ann"' in answer.content


def test_signing_in_never_leads_to_another_site(client: Client, make_user: Callable[..., User]) -> None:
    make_user("viewer", "ann")
    address = f"{reverse('core:login')}?next=https://elsewhere.example/"
    answer = client.post(address, {"username": "ann", "password": PASSWORD, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"


def test_signing_out_ends_the_session_and_needs_a_post(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("viewer"))
    assert client.get(reverse("core:logout")).status_code == 405
    client.post(reverse("core:logout"))
    assert client.get(reverse("core:jobs")).status_code == 302


def test_writes_need_the_token_of_the_page(make_user: Callable[..., User]) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("viewer"))
    job = "00000000-0000-0000-0000-000000000000"
    for name in ("core:job-cancel", "core:job-retry"):
        assert strict.post(reverse(name, args=[job])).status_code == 403


def test_a_password_can_be_changed(client: Client, make_user: Callable[..., User]) -> None:
    user = make_user("viewer")
    client.force_login(user)
    new = "staple battery horse"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    said = client.post(reverse("core:password"), fields, follow=True).content.decode()
    assert "Your password is changed." in said
    user.refresh_from_db()
    assert user.check_password(new)


@pytest.mark.parametrize("name", ["core:login", "core:health", "core:jobs"])
def test_every_answer_forbids_foreign_scripts_and_frames(
    client: Client, make_user: Callable[..., User], name: str
) -> None:
    client.force_login(make_user("viewer"))
    headers = client.get(reverse(name)).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe-eval" not in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_health_answers_without_signing_in_and_tells_nothing_else(client: Client) -> None:
    assert client.get(reverse("core:health")).json() == {"status": "ok"}


def test_what_does_not_exist_is_said_on_a_page_of_ours(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("viewer"))
    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert b"Nothing here" in answer.content


def test_no_jobs_says_what_will_show_up_there(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("viewer"))
    assert b"No jobs yet" in client.get(reverse("core:jobs")).content


def test_a_title_with_markup_is_shown_as_text(client: Client, make_user: Callable[..., User]) -> None:
    from apps.core.services.enqueueing import enqueue
    from tests.integration.core import sample_jobs

    client.force_login(make_user("viewer"))
    row = enqueue(sample_jobs.counts, title="<img src=x onerror=alert(1)>", user=None, number=1)
    for address in (reverse("core:jobs"), reverse("core:job", args=[row.pk])):
        page = client.get(address).content
        assert b"<img src=x" not in page
        assert b"&lt;img src=x" in page
