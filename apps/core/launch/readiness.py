"""Waits beside the running children until web and model server answer, and says so."""

import time
import urllib.error
import urllib.request

from apps.core.launch.supervisor import Supervisor


def answers(url: str) -> bool:
    """Whether ``url`` (http) gives a 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310  (our own address or the configured one)
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def announce(supervisor: Supervisor, *, address: str, model_server: str | None) -> None:
    """Print the address once the web server answers, and "ready" once the model server at ``model_server`` does too.

    ``model_server`` is its health address; None where there is no model to serve.
    """
    started = time.monotonic()
    if not _wait(supervisor, f"{address}/health/"):
        return
    if model_server is not None:
        supervisor.say(f"The pages are at {address}/ ; the model server is still loading.")
        if not _wait(supervisor, model_server):
            return
    supervisor.say(f"Chimera is ready after {time.monotonic() - started:.1f} s: {address}/   (Ctrl-C stops all of it)")


def _wait(supervisor: Supervisor, url: str) -> bool:
    while not supervisor.stopping:
        if answers(url):
            return True
        time.sleep(0.1)
    return False
