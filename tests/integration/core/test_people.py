"""An admin makes an account on the admin page."""

from django.test import Client

from apps.core.models import User

PASSWORD = "correct horse battery"


def test_an_admin_makes_an_account(admin_client: Client) -> None:
    page = admin_client.get("/admin/core/user/add/")
    assert b'name="username"' in page.content
    given = {"username": "reviewer-1", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
    assert admin_client.post("/admin/core/user/add/", given).status_code == 302
    assert User.objects.get(username="reviewer-1").check_password(PASSWORD)
