"""Uploads as browsers send them: over TCP, to a real web process that may be killed in between."""

import hashlib
import http.client
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse

from apps.demos.models import Demo, Upload
from apps.demos.parsing.reading.header import MAGIC
from tests.integration.demos.tus import BYTES, VERSION, Tus
from tests.web import Web

pytestmark = pytest.mark.django_db(transaction=True)
MB = 1024 * 1024
Answer = tuple[int, dict[str, str], str]


@pytest.fixture(scope="module")
def web_process(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Web]:
    web = Web(tmp_path_factory.mktemp("web") / "web.log")
    yield web
    web.kill()


@pytest.fixture
def web(web_process: Web, worker_env: dict[str, str]) -> Iterator[Web]:
    web_process.start(worker_env)
    yield web_process
    under_way, left = _under_way(), list(Path(site.FILE_UPLOAD_TEMP_DIR).iterdir())
    for path in left:
        path.unlink()
    assert not [path for path in left if path.stem not in under_way]


def _under_way() -> set[str]:
    return {str(pk) for pk in Upload.objects.filter(status="receiving").values_list("pk", flat=True)}


@pytest.fixture
def tus(viewer: Any, client: Client) -> Tus:
    """For beginning uploads and asking for their offset; the bytes go over TCP."""
    return Tus(client)


def headers(client: Client, offset: int, **more: str) -> dict[str, str]:
    session = client.cookies["sessionid"].value
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    cookies = f"sessionid={session}; csrftoken={token}"
    same = {"Cookie": cookies, "X-CSRFToken": token, "Content-Type": BYTES}
    return {**VERSION, **same, "Upload-Offset": str(offset), **more}


@pytest.fixture
def send(web: Web, client: Client, tus: Tus) -> Callable[..., Answer]:
    """``send(url, offset, data)`` → status, headers, sentence."""
    client.get(reverse("core:password"))  # a page with a form, for its token

    def patch(url: str, offset: int, data: bytes, **more: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)
        connection.request("PATCH", url, data, headers(client, offset, **more))
        answer = connection.getresponse()
        return answer.status, dict(answer.headers), answer.read().decode()

    return patch


def torn(web: Web, client: Client, url: str, announced: int, data: bytes, offset: int = 0) -> socket.socket:
    """A PATCH of which only ``data`` has been sent so far."""
    connection = socket.create_connection(("127.0.0.1", web.port))
    lines = {**headers(client, offset), "Host": f"127.0.0.1:{web.port}", "Content-Length": str(announced)}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    connection.sendall(f"PATCH {url} HTTP/1.1\r\n{head}\r\n".encode() + data)
    return connection


def recording(size: int) -> bytes:
    return MAGIC + os.urandom(size - len(MAGIC))


def on_disk(url: str) -> int:
    return (Path(site.FILE_UPLOAD_TEMP_DIR) / f"{url.split('/')[-2]}.part").stat().st_size


@pytest.mark.any_database  # files
def test_a_part_of_many_megabytes(send: Callable[..., Answer], tus: Tus) -> None:
    data = recording(9 * MB + 13)
    url = tus.begun(len(data))
    status, told, _ = send(url, 0, data[: 5 * MB])
    assert (status, told["upload-offset"], told["tus-resumable"]) == (204, str(5 * MB), "1.0.0")
    assert "upload-expires" in told
    assert send(url, 5 * MB, data[5 * MB :])[0] == 204
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_refusals_reach_the_client(send: Callable[..., Answer], tus: Tus, client: Client) -> None:
    url = tus.begun(2 * MB)
    status, told, sentence = send(url, 7, b"x" * MB)
    assert (status, told["Upload-Offset"] if "Upload-Offset" in told else told["upload-offset"]) == (409, "0")
    assert "stands at byte 0" in sentence
    assert send(url, 0, b"x" * (3 * MB))[0] == 413
    assert send(url, 0, b"x", **{"X-CSRFToken": "forged"})[0] == 403
    assert send(url, 0, b"x", Origin="https://elsewhere.example")[0] == 403
    assert send(url, 0, b"x", Cookie="sessionid=forged")[0] in (401, 403)
    assert send(url, 0, b"x" * 100, **{"Upload-Checksum": "sha1 AAAA"})[0] == 460
    assert tus.offset(url) == 0


def test_more_than_declared_without_saying_so(web: Web, send: Callable[..., Answer], tus: Tus, client: Client) -> None:
    url = tus.begun(1000)
    parts = (b"x" * 600 for _ in range(3))  # sent in chunks: without a length
    assert send(url, 0, parts)[0] == 413
    assert tus.offset(url) == 0


def test_a_torn_connection_keeps_what_arrived(
    web: Web, send: Callable[..., Answer], tus: Tus, client: Client, wait_for: Callable[..., Any]
) -> None:
    data = recording(4 * MB)
    url = tus.begun(len(data))
    connection = torn(web, client, url, len(data), data[: 3 * MB])
    wait_for(lambda: on_disk(url) >= 2 * MB)
    assert send(url, 0, b"y")[0] == 423, "there is a writer"
    connection.close()
    kept = int(str(wait_for(lambda: tus.offset(url))))
    assert 2 * MB <= kept <= 3 * MB
    assert send(url, kept, data[kept:])[0] == 204
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_a_killed_web_process_loses_only_the_part_under_way(
    web: Web,
    send: Callable[..., Answer],
    tus: Tus,
    client: Client,
    wait_for: Callable[..., Any],
    worker_env: dict[str, str],
) -> None:
    data = recording(4 * MB)
    url = tus.begun(len(data))
    assert send(url, 0, data[:MB])[0] == 204
    second = torn(web, client, url, 3 * MB, b"!" * (2 * MB), offset=MB)
    wait_for(lambda: on_disk(url) > MB)
    web.kill()
    second.close()
    assert tus.offset(url) == MB
    web.start(worker_env)
    assert send(url, MB, data[MB:])[0] == 204
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


@pytest.mark.any_database  # files
def test_a_killed_web_process_keeps_most_of_a_long_request(
    web: Web,
    send: Callable[..., Answer],
    tus: Tus,
    client: Client,
    wait_for: Callable[..., Any],
    worker_env: dict[str, str],
) -> None:
    data = recording(20 * MB)
    url = tus.begun(len(data))
    connection = torn(web, client, url, len(data), data[: 19 * MB])
    kept = int(str(wait_for(lambda: tus.offset(url))))
    web.kill()
    connection.close()
    assert 16 * MB <= kept < 19 * MB
    web.start(worker_env)
    assert send(url, kept, data[kept:])[0] == 204
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_many_writers_at_once_leave_right_bytes(send: Callable[..., Answer], tus: Tus) -> None:
    data = recording(3 * MB)
    url = tus.begun(len(data))
    statuses: list[int] = []

    def push() -> None:
        statuses.append(send(url, 0, data)[0])

    threads = [threading.Thread(target=push) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses.count(204) == 1
    assert set(statuses) <= {204, 409, 410, 423}
    assert Demo.objects.get().sha256 == hashlib.sha256(data).hexdigest()


def test_the_same_recording_by_two_uploads_at_once(send: Callable[..., Answer], tus: Tus) -> None:
    data = recording(MB)
    urls = [tus.begun(len(data), f"{number}.dem") for number in range(3)]
    threads = [threading.Thread(target=send, args=(url, 0, data)) for url in urls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = [upload.results[0]["outcome"] for upload in Upload.objects.all()]
    assert sorted(outcomes) == ["duplicate_of", "duplicate_of", "queued"]
    assert Demo.objects.count() == 1
