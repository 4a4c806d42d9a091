"""``manage.py coach``: advice in a terminal, with any server that answers, or with the embedded one for as long."""

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError, call_command

from tests.conftest import ROOT, free_port
from tests.integration.coach.conftest import RealServer
from tests.integration.coach.fake_server import VALID, FakeModelServer


@pytest.fixture
def frame(tmp_path: Path, jpeg: bytes) -> Path:
    path = tmp_path / "shot.jpg"
    path.write_bytes(jpeg)
    return path


def said(*arguments: object, **options: Any) -> str:
    out = StringIO()
    call_command("coach", *map(str, arguments), stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_whole_advice_is_told(fake_server: FakeModelServer, frame: Path) -> None:
    told = said(frame, context="Round 3")
    for text in ("shot.jpg", VALID["advice"]["primary_action"], VALID["advice"]["callout"], "Health: 100"):
        assert text in told
    assert "Round 3" in json.dumps(fake_server.requests[0])


def test_json_has_one_line_for_each_image(fake_server: FakeModelServer, frame: Path) -> None:
    lines = [json.loads(line) for line in said(frame, frame, json=True).splitlines()]
    assert [line["answer"] for line in lines] == [VALID, VALID]
    assert (lines[0]["status"], lines[0]["alias"], lines[0]["images"]) == ("complete", "embedded", [str(frame)])
    together = json.loads(said(frame, frame, json=True, together=True))
    assert len(together["images"]) == 2
    assert len(fake_server.requests) == 3


def test_what_cannot_be_asked_is_said_in_a_sentence(fake_server: FakeModelServer, frame: Path, tmp_path: Path) -> None:
    (tmp_path / "note.png").write_text("<svg>")
    os.mkfifo(tmp_path / "pipe.png")
    for path, wrong in (
        (tmp_path / "none.png", "There is no such file"),
        (tmp_path, "It is a folder"),
        (tmp_path / "pipe.png", "It is no file"),
        (Path("/dev/zero"), "It is no file"),
        (tmp_path / "note.png", "not an image"),
    ):
        told, out = StringIO(), StringIO()
        with pytest.raises(CommandError, match="1 of 2 questions got no valid answer"):
            call_command("coach", str(path), str(frame), stdout=out, stderr=told)
        assert wrong in told.getvalue()
        assert VALID["advice"]["callout"] in out.getvalue(), "the other one is answered"
    for arguments, wrong in (
        ([frame, "--alias", "big"], "Configured are: embedded"),
        ([frame] * 4 + ["--together"], "at most 3 frames"),
    ):
        with pytest.raises(CommandError, match=wrong):
            said(*arguments)
    fake_server.answer = "Push mid."
    with pytest.raises(CommandError, match="1 of 1 questions got no valid answer"):
        said(frame)


def test_what_cannot_be_read_gets_its_line_of_json_too(fake_server: FakeModelServer, frame: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="1 of 2"):
        call_command("coach", "none.png", str(frame), json=True, stdout=out, stderr=StringIO())
    refused, answered = map(json.loads, out.getvalue().splitlines())
    assert (refused["images"], "no such file" in refused["error"]) == (["none.png"], True)
    assert answered["status"] == "complete"


def test_names_and_words_need_not_be_text(fake_server: FakeModelServer, tmp_path: Path, jpeg: bytes) -> None:
    shot = Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), b"\xff.jpg")))  # noqa: PTH118
    shot.write_bytes(jpeg)
    told = said(shot, context="\udcff", json=True) + said(shot)
    assert "\ufffd.jpg" in told.encode().decode()
    assert "\\ud" not in json.dumps(fake_server.requests)


def test_where_nothing_answers_the_embedded_model_is_served_meanwhile(real_server: RealServer, frame: Path) -> None:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "chimera_site.settings",
        "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3",  # nothing of the web app is needed
        "MODEL_SERVER_URL": f"http://127.0.0.1:{free_port()}/v1",
        "EMBEDDED_MODEL_DIR": str(real_server.folder),
        "COACH_MAX_TOKENS": "20",
        "OMP_NUM_THREADS": "1",
    }
    command = [sys.executable, "manage.py", "coach", str(frame), "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    told = json.loads(done.stdout)
    assert told["tokens"] > 0
    assert told["status"] == "invalid"  # random weights
    assert told["model"] == real_server.folder.name
    assert "starting the embedded one" in done.stderr
    others = [real_server.process.pid] if real_server.process else []
    assert not [p for p in psutil.process_iter() if p.pid not in others and _serves(p, real_server.folder)]


def _serves(process: psutil.Process, folder: Path) -> bool:
    try:
        return "apps.training.trainers.serve" in process.cmdline() and str(folder) in process.cmdline()
    except psutil.Error:
        return False
