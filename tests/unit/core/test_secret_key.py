"""The signing key is made once, even by many at once, and is nobody else's business."""

import stat
import subprocess
import sys
from pathlib import Path

from chimera_site.secret import load_or_create_secret_key
from tests.conftest import ROOT

RACER = """
import sys, pathlib
from chimera_site.secret import load_or_create_secret_key
sys.stdin.readline()
print(load_or_create_secret_key(pathlib.Path(sys.argv[1])))
"""


def test_it_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "key"
    first = load_or_create_secret_key(path)
    assert len(first) >= 50
    assert load_or_create_secret_key(path) == first


def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "key"
    load_or_create_secret_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_many_first_starts_at_once_agree_on_one(tmp_path: Path) -> None:
    path = tmp_path / "key"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(6)
    ]
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write(b"go\n")
        racer.stdin.flush()
    keys = {racer.communicate()[0] for racer in racers}
    assert len(keys) == 1
    assert keys.pop().strip().decode() == path.read_text()
    assert [file.name for file in tmp_path.iterdir()] == ["key"]
