"""People on the admin page: accounts are made and closed, and somebody who can do that always stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client

from apps.core.models import User
from apps.core.roles import Role, role_of
from apps.core.services.first_admin import create_first_admin

MakeUser = Callable[..., User]

PASSWORD = "correct horse battery"


def test_an_admin_makes_an_account(admin_client: Client) -> None:
    page = admin_client.get("/admin/core/user/add/")
    assert b'name="username"' in page.content
    given = {"username": "reviewer-1", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin_client.post("/admin/core/user/add/", given).status_code == 302
    assert User.objects.get(username="reviewer-1").check_password(PASSWORD)


def _change(client: Client, user: User, **given: object) -> object:
    form = {"username": user.username, "first_name": "", "last_name": "", "email": "", **given}
    return client.post(f"/admin/core/user/{user.pk}/change/", form)


ROLE_GONE: dict[str, object] = {"is_active": "on", "groups": []}


@pytest.mark.parametrize("given", [{"groups": []}, ROLE_GONE], ids=["deactivated", "demoted"])
def test_the_last_admin_cannot_be_put_out(make_user: MakeUser, client: Client, given: dict[str, object]) -> None:
    last = make_user("admin")
    User.objects.create_user("gone", is_superuser=True, is_active=False)  # counts for nothing
    client.force_login(last)
    page = _change(client, last, **given)
    assert b"Nobody else could manage people then" in page.content
    last.refresh_from_db()
    assert role_of(last) is Role.ADMIN


def test_one_of_two_admins_may_go(make_user: MakeUser, client: Client) -> None:
    first, second = make_user("admin"), make_user("admin", "second")
    client.force_login(first)
    assert _change(client, second, **ROLE_GONE).status_code == 302
    assert role_of(User.objects.get(pk=second.pk)) is None


def test_the_last_admin_cannot_be_deleted(make_user: MakeUser, client: Client) -> None:
    last = make_user("admin")
    client.force_login(last)
    address = f"/admin/core/user/{last.pk}/delete/"
    assert b"Nobody else could manage people then" in client.get(address).content
    client.post(address, {"post": "yes"})
    assert User.objects.filter(pk=last.pk).exists()


def test_somebody_else_can_be_deleted(make_user: MakeUser, client: Client) -> None:
    viewer = make_user("viewer")
    client.force_login(make_user("admin"))
    assert client.post(f"/admin/core/user/{viewer.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not User.objects.filter(pk=viewer.pk).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("given", [{"groups": []}, ROLE_GONE], ids=["deactivated", "demoted"])
def test_two_admins_who_put_each_other_out_at_once(make_user: MakeUser, given: dict[str, object]) -> None:
    pair = [make_user("admin", "one"), make_user("admin", "other")]
    clients = [Client(), Client()]
    for client, admin in zip(clients, pair, strict=True):
        client.force_login(admin)
    start = Barrier(2, timeout=10)

    def put_out(client: Client, victim: User) -> None:
        try:
            start.wait()
            _change(client, victim, **given)
        finally:
            connection.close()

    for _ in range(4):
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(put_out, clients, reversed(pair)))
        assert any(role_of(User.objects.get(pk=admin.pk)) is Role.ADMIN for admin in pair)
        for admin, client in zip(pair, clients, strict=True):
            User.objects.filter(pk=admin.pk).update(is_active=True)
            admin.groups.set([Group.objects.get(name=Role.ADMIN)])
            client.force_login(admin)


def test_the_first_admin_is_made_once(db: None) -> None:
    made = create_first_admin()
    assert made is not None
    assert made[0] == "admin"
    assert User.objects.get(username="admin").check_password(made[1])
    assert create_first_admin() is None


def test_an_inactive_admin_does_not_count_as_the_first(db: None) -> None:
    User.objects.create_superuser("admin", password=PASSWORD, is_active=False)
    made = create_first_admin()
    assert made is not None
    assert made[0] == "admin-2"
    assert not User.objects.get(username="admin").is_active


@pytest.mark.parametrize(
    "address",
    [
        "core/job/?queue=parse",
        "core/job/?status__exact=queued",
        "core/user/?groups__id__exact=1",
        "core/user/?is_active__exact=1",
        "training/dataset/?status__exact=running",
        "training/trainingrun/?method__exact=sft",
    ],
)
def test_the_filters_a_list_offers_work(admin_client: Client, address: str) -> None:
    assert admin_client.get(f"/admin/{address}").status_code == 200
