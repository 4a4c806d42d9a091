"""Doors of the library for tests."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse


@pytest.fixture
def viewer(make_user: Callable[..., Any], client: Client) -> Any:
    """A signed-in viewer; ``client`` is theirs."""
    user = make_user("viewer")
    client.force_login(user)
    return user


@pytest.fixture
def upload(viewer: Any, client: Client) -> Callable[..., dict[str, Any]]:
    """``upload(b"…", "name.dem")`` → the library's answer, as its script gets it."""

    def send(content: bytes | Path, name: str = "match.dem") -> dict[str, Any]:
        data = content.read_bytes() if isinstance(content, Path) else content
        file = SimpleUploadedFile(name, data, "application/octet-stream")
        response = client.post(reverse("demos:upload"), {"recordings": file}, headers={"Accept": "application/json"})
        assert response.status_code == 200
        result: dict[str, Any] = response.json()["results"][0]
        return result

    return send


@pytest.fixture
def stored() -> Callable[[], set[str]]:
    """``stored()`` → the names of everything in storage."""
    from django.conf import settings

    base = Path(settings.STORAGES["default"]["OPTIONS"]["location"])

    def names() -> set[str]:
        return {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file()}

    return names
