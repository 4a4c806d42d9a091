"""Which processes make up a running Chimera, and how each is started."""

import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

MANAGE = "manage.py"
SMALL_BYTES = 100_000_000


@dataclass(frozen=True)
class Child:
    """One process: its name in the output, its command line, and what it has in its environment besides ours."""

    name: str
    arguments: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def web(host: str, port: int) -> Child:
    """The pages and sockets. Open sockets get five seconds at the end: they come back by themselves."""
    options = ["--host", host, "--port", str(port), "--no-access-log", "--log-level", "warning"]
    # uvicorn by itself believes anybody on this machine who says where they come from.
    options += ["--forwarded-allow-ips", os.environ.get("FORWARDED_ALLOW_IPS", "")]
    # A page whose line broke without a word is noticed in ten seconds; what sockets carry is too small to pack.
    options += ["--ws-ping-interval", "5", "--ws-ping-timeout", "5", "--ws-per-message-deflate", "false"]
    asgi = "chimera_site.asgi:application"
    return Child("web", [sys.executable, "-m", "uvicorn", asgi, *options, "--timeout-graceful-shutdown", "5"])


def worker(queue: str) -> Child:
    return Child(f"{queue}-worker", [sys.executable, MANAGE, "rqworker", queue, "--verbosity", "0"])


def housekeeping() -> Child:
    return Child("housekeeping", [sys.executable, MANAGE, "housekeeping"])


def watching() -> Child:
    """Takes in what appears in WATCH_FOLDER."""
    return Child("watch", [sys.executable, MANAGE, "watch_demos"])


def model_server(model: Path, port: int) -> Child:
    """The model server that comes along with one model, on loopback, asking no other host for anything."""
    program = [sys.executable, "-m", "apps.training.trainers.serve"]
    options = ["--host", "127.0.0.1", "--port", str(port)]
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TQDM_DISABLE": "1"}
    return Child("model", [*program, str(model), *options], offline | _threads(model))


def _threads(model: Path) -> dict[str, str]:
    """A small model answers a fifth faster on one core: its sums are done before a second one has heard of them."""
    weights = sum(path.stat().st_size for path in model.glob("*.safetensors"))
    return {"OMP_NUM_THREADS": "1"} if weights < SMALL_BYTES and "OMP_NUM_THREADS" not in os.environ else {}
