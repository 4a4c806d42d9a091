"""Model servers (a fake one per test, the real one once), frames, and a signed-in socket."""

import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from tests.conftest import free_port
from tests.integration.coach.fake_server import FakeModelServer
from tests.tiny import copy_tiny_model
from tests.web import Web, healthy


@pytest.fixture
def jpeg() -> bytes:
    """A frame that needs no sample data."""
    image = Image.new("RGB", (640, 360), (60, 90, 120))
    ImageDraw.Draw(image).rectangle((10, 320, 120, 350), fill=(220, 220, 80))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture(scope="session")
def fake_port() -> int:
    """The fake servers' one address, so that one web process can serve many tests."""
    return free_port()


@pytest.fixture
def fake_server(settings: Any, fake_port: int) -> Iterator[FakeModelServer]:
    """A model server of this test's own; the settings point to it."""
    server = FakeModelServer(fake_port)
    server.start()
    settings.MODEL_SERVER_URL = server.url
    settings.MODEL_SERVER_MODEL = ""
    yield server
    server.stop()


@dataclass
class RealServer:
    """``transformers serve`` with the tiny model: a server that hears no schema."""

    folder: Path
    port: int
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("transformers")), "serve", "--host", "127.0.0.1"]
        environment = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "HF_HOME": str(self.folder.parent)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), str(self.folder)], env=environment, stdout=log, stderr=log
            )
        end = time.monotonic() + 300  # importing torch takes long on a busy machine
        while not healthy(f"http://127.0.0.1:{self.port}/health"):
            assert self.process.poll() is None, self.log.read_text()[-2000:]
            assert time.monotonic() < end, self.log.read_text()[-2000:]
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="session")
def real_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealServer]:
    """The real thing, started once. The model samples, so that random weights write more than one word."""
    folder = tmp_path_factory.mktemp("model") / "tiny"
    try:
        copy_tiny_model(folder, tmp_path_factory)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"the tiny model cannot be made here: {error.stderr.strip()[-200:]}")
    generation = folder / "generation_config.json"
    generation.write_text(json.dumps({**json.loads(generation.read_text()), "do_sample": True, "temperature": 1.0}))
    server = RealServer(folder, free_port(), folder.parent / "serve.log")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def signed_in(client: Any, make_user: Callable[..., Any]) -> Any:
    """A viewer's HTTP client; ``.user`` is the person."""
    client.user = make_user("viewer")
    client.force_login(client.user)
    return client


@pytest.fixture
def upload(signed_in: Any, jpeg: bytes) -> Callable[..., str]:
    """``upload()`` takes a frame of the signed-in person in and returns the id of the analysis."""

    def take(context: str = "", data: bytes = jpeg, **told: Any) -> str:
        from apps.coach.services import asking

        return str(asking.ask(user=signed_in.user, uploads=[data], context=context, **told).pk)

    return take


@pytest.fixture(scope="session")
def web_process(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[Web]:
    site = Web(tmp_path_factory.mktemp("web") / "web.log")
    yield site
    site.kill()


@pytest.fixture
def web(web_process: Web, worker_env: dict[str, str], fake_server: FakeModelServer) -> Web:
    """A real web process whose model server is this test's fake one."""
    web_process.start({**worker_env, "MODEL_SERVER_URL": fake_server.url, "MODEL_SERVER_MODEL": ""})
    return web_process
