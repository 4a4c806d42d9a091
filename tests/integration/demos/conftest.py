"""Doors of the library for tests."""

import json
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.simulation.truth.match import MatchTruth
from tests.integration.demos.truths import Read


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


@pytest.fixture(autouse=True)
def _nothing_under_way() -> None:
    """No test finds what one before it left half-done on purpose: a killed worker's folder, an unfinished upload."""
    from django.conf import settings

    artefacts = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    for folder in (Path(settings.FILE_UPLOAD_TEMP_DIR), artefacts / "incoming", settings.CHIMERA_HOME / "parsing"):
        for path in folder.iterdir() if folder.exists() else ():
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


@pytest.fixture
def stored() -> Callable[[], set[str]]:
    """``stored()`` → the names of everything in storage."""
    from django.conf import settings

    base = Path(settings.STORAGES["default"]["OPTIONS"]["location"])

    def names() -> set[str]:
        return {str(path.relative_to(base)) for path in base.rglob("*") if path.is_file()}

    return names


@pytest.fixture(scope="session")
def forged_demo(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """``forged_demo(seed)`` → the recording of one of the twenty forged matches, written once; nobody may change it."""
    from apps.simulation.demofile.writer import write_demo
    from tests.integration.simulation.forging.twenty import forged

    folder = tmp_path_factory.mktemp("forged")

    @cache
    def written(seed: int) -> Path:
        path = folder / f"{seed}.dem"
        write_demo(forged(seed), path)
        return path

    return written


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Read]:
    """``imported(recording)`` → what the importer reads out of it, in this process."""
    from apps.demos.parsing.importing import Importer, Options

    def read(recording: Path) -> Read:
        work = tmp_path_factory.mktemp("read")
        Importer(recording, work, Options(), lambda **_: None).run()
        return Read(json.loads((work / "summary.json").read_text()), work / "tables")

    return read


@pytest.fixture(scope="session")
def forged_import(
    forged_demo: Callable[[int], Path], imported: Callable[[Path], Read]
) -> Callable[[int], tuple[MatchTruth, Read]]:
    """``forged_import(seed)`` → truth and import of one of the twenty forged matches, each made once."""
    from tests.integration.simulation.forging.twenty import forged

    @cache
    def both(seed: int) -> tuple[MatchTruth, Read]:
        return forged(seed), imported(forged_demo(seed))

    return both
