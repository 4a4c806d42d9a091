"""A small client of the tus protocol over Django's test client."""

import base64
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

BYTES = "application/offset+octet-stream"
VERSION = {"Tus-Resumable": "1.0.0"}


def metadata(name: str | bytes) -> dict[str, str]:
    raw = name.encode() if isinstance(name, str) else name
    return {"Upload-Metadata": f"filename {base64.b64encode(raw).decode()}"}


@dataclass
class Tus:
    """Speaks for one signed-in person."""

    client: Client

    def create(self, size: int | str, name: str | bytes = "match.dem", **headers: str) -> Any:
        every = {**VERSION, "Upload-Length": str(size), **metadata(name), **headers}
        return self.client.post(reverse("demos:uploads"), headers=every)

    def begun(self, size: int, name: str = "match.dem") -> str:
        """The address of a new upload."""
        answer = self.create(size, name)
        assert answer.status_code == 201, answer.content
        return str(answer.headers["Location"])

    def patch(self, url: str, offset: int | str, data: bytes, **headers: str) -> HttpResponse:
        every = {**VERSION, "Upload-Offset": str(offset), **headers}
        return self.client.patch(url, data, content_type=BYTES, headers=every)  # type: ignore[return-value]

    def head(self, url: str) -> HttpResponse:
        return self.client.head(url, headers=VERSION)  # type: ignore[return-value]

    def delete(self, url: str) -> HttpResponse:
        return self.client.delete(url, headers=VERSION)  # type: ignore[return-value]

    def offset(self, url: str) -> int:
        return int(self.head(url).headers["Upload-Offset"])
