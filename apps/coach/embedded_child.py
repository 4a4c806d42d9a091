"""The embedded model server as a child of this process, for commands that run without ``manage.py up``."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from django.conf import settings

from apps.coach.inference_servers import ModelServer, wants_of_the_embedded
from apps.core.children import BASE_DIR, GUARD, stop
from apps.core.launch import children, ports, preparation, readiness

READY_S = 180.0  # importing torch takes long on a busy machine
GRACE_S = 5.0


class NotServed(Exception):
    """The embedded model could not be started; the text says why."""


@contextmanager
def served(server: ModelServer, say: Callable[[str], None]) -> Iterator[ModelServer]:
    """Serve the embedded model while inside; yields ``server`` at the address where it answers.

    The child goes with this process, however that ends.

    Raises:
        NotServed: there is no model, or its server ended or kept silent.
    """
    if not preparation.embedded_model(settings.EMBEDDED_MODEL_DIR, say):
        raise NotServed("There is no embedded model to serve.")
    port = ports.free()
    child = children.model_server(settings.EMBEDDED_MODEL_DIR, port)
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [sys.executable, "-S", "-E", str(GUARD), str(os.getpid()), *child.arguments],
            cwd=BASE_DIR,
            env={**os.environ, **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(process, f"http://127.0.0.1:{port}/health")
            yield replace(server, url=f"http://127.0.0.1:{port}/v1", key="", model="", **wants_of_the_embedded())
        except NotServed as error:
            said.seek(0)
            raise NotServed(f"{error} {preparation.last_line(said.read().decode('utf-8', 'replace'))}") from error
        finally:
            stop(process, GRACE_S)


def _wait(process: "subprocess.Popen[bytes]", health: str) -> None:
    end = time.monotonic() + READY_S
    while not readiness.answers(health):
        if process.poll() is not None:
            raise NotServed("The embedded model's server ended before it answered.")
        if time.monotonic() > end:
            raise NotServed(f"The embedded model's server does not answer after {READY_S:.0f} s.")
        time.sleep(0.1)
