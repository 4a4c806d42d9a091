"""Every address and every socket of the site, as nobody and as each role.

Each app lists its own in `tests/integration/<app>/access.py`; an address that is in no list fails here.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.http import HttpResponseBase
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from apps.core.models import User
from apps.core.roles import ORDER
from chimera_site.asgi import application
from chimera_site.urls import websocket_urlpatterns

APPS = ("core", "demos", "captures", "training", "coach")
# Not signed in, signed in without a role, then the roles from the least on.
PEOPLE = (None, "", *(role.value for role in ORDER))
ADMIN_ROLE = "researcher"


def _listed(name: str) -> list[Any]:
    found: list[Any] = []
    for app in APPS:
        module = f"tests.integration.{app}.access"
        if find_spec(module) is not None:
            found += getattr(import_module(module), name, [])
    return found


ACCESS: list[tuple[str, str | None, dict[str, object]]] = _listed("ACCESS")
SOCKETS: list[tuple[str, str]] = _listed("SOCKETS")


def _names(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern):
            yield f"{prefix}{entry.name or entry.pattern}"


def _own_names() -> list[str]:
    return [name for name in _names(get_resolver()) if not name.startswith("admin:")]


def _ask(client: Client, name: str, arguments: dict[str, object]) -> HttpResponseBase:
    """GET, or an empty POST where GET is not offered: both must be refused before anything is read."""
    address = reverse(name, kwargs=arguments)
    answer = client.get(address)
    return client.post(address) if answer.status_code == 405 else answer


def _turned_away(answer: HttpResponseBase) -> bool:
    to_sign_in = answer.status_code == 302 and str(answer.headers["Location"]).startswith(reverse("core:login"))
    return to_sign_in or answer.status_code in (401, 403)


def test_every_address_is_listed_once() -> None:
    listed = [name for name, _, _ in ACCESS]
    assert sorted(_own_names()) == sorted(listed), "list each in tests/integration/<app>/access.py"


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: {None: "nobody", "": "no-role"}.get(person, person))
@pytest.mark.parametrize(("name", "least", "arguments"), ACCESS, ids=[name for name, _, _ in ACCESS])
def test_address(
    client: Client,
    make_user: Callable[..., User],
    person: str | None,
    name: str,
    least: str | None,
    arguments: dict[str, object],
) -> None:
    if person is not None:
        client.force_login(make_user(person or None))
    client.raise_request_exception = False
    answer = _ask(client, name, arguments)
    allowed = least is None or (person is not None and PEOPLE.index(person) >= PEOPLE.index(least))
    if allowed:
        assert answer.status_code < 500, answer.status_code
        assert least is None or not _turned_away(answer), answer.status_code
    elif person is None:
        assert _turned_away(answer), answer.status_code
    else:
        assert answer.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: {None: "nobody", "": "no-role"}.get(person, person))
def test_the_admin_pages_are_for_researchers(
    client: Client, make_user: Callable[..., User], person: str | None
) -> None:
    if person is not None:
        client.force_login(make_user(person or None))
    allowed = person is not None and PEOPLE.index(person) >= PEOPLE.index(ADMIN_ROLE)
    for address in _admin_addresses():
        answer = client.get(address, follow=True)
        if allowed:  # a page for admins only says so; none sends a researcher round and round
            assert answer.status_code in (200, 401, 403, 404, 405), address
            continue
        at_sign_in = [step for step, _ in answer.redirect_chain if step.startswith(reverse("core:login"))]
        assert answer.status_code in (401, 403) or (person is None and at_sign_in), address


def _admin_addresses() -> list[str]:
    """All that take no argument, but those for signing in and out."""
    site = next(entry for entry in get_resolver().url_patterns if getattr(entry, "namespace", "") == "admin")
    assert isinstance(site, URLResolver)
    found = []
    for name in set(_names(site, "admin:")) - {"admin:login", "admin:logout"}:
        with suppress(NoReverseMatch):
            found.append(reverse(name))
    assert len(found) > 10
    return sorted(found)


@pytest.mark.django_db
def test_people_and_roles_are_for_admins_only(client: Client, make_user: Callable[..., User]) -> None:
    client.force_login(make_user("researcher"))
    assert client.get(reverse("admin:core_user_changelist")).status_code == 403
    assert client.get(reverse("admin:core_user_add")).status_code == 403
    client.force_login(make_user("admin"))
    assert client.get(reverse("admin:core_user_changelist")).status_code == 200


def test_every_socket_is_listed_once() -> None:
    assert sorted(f"/{pattern.pattern}" for pattern in websocket_urlpatterns) == sorted(path for path, _ in SOCKETS)


async def _opens(path: str, cookie: str | None, origin: str = "http://localhost") -> bool:
    headers = [(b"origin", origin.encode()), (b"host", b"localhost")]
    if cookie is not None:
        headers.append((b"cookie", f"sessionid={cookie}".encode()))
    socket = WebsocketCommunicator(application, path, headers=headers)
    connected, _ = await socket.connect(timeout=5)
    await socket.disconnect()
    return bool(connected)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: {None: "nobody", "": "no-role"}.get(person, person))
@pytest.mark.parametrize(("path", "least"), SOCKETS, ids=[path for path, _ in SOCKETS])
async def test_socket(
    client: Client, make_user: Callable[..., User], person: str | None, path: str, least: str
) -> None:
    from channels.db import database_sync_to_async

    cookie = None
    if person is not None:
        await database_sync_to_async(lambda: client.force_login(make_user(person or None)))()
        cookie = client.cookies["sessionid"].value
    allowed = person is not None and PEOPLE.index(person) >= PEOPLE.index(least)
    assert await _opens(path, cookie) is allowed
    assert await _opens(path, cookie, origin="http://elsewhere.example") is False
