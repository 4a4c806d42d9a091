"""The same seed gives the same bytes, in another process with another hash seed too."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from apps.simulation.demofile.writer import write_demo
from tests.conftest import ROOT
from tests.integration.simulation.forging.twenty import forged

SEED = 7
CHILD = f"""
import sys
from pathlib import Path
from apps.simulation.demofile.writer import write_demo
from tests.integration.simulation.forging.twenty import forged
write_demo(forged({SEED}), Path(sys.argv[1]))
"""


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path):
    here, again, elsewhere = (tmp_path / f"{name}.dem" for name in ("here", "again", "elsewhere"))
    write_demo(forged(SEED), here)
    write_demo(forged(SEED), again)
    subprocess.run(
        [sys.executable, "-c", CHILD, str(elsewhere)],
        cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "12345", "PYTHONPATH": str(ROOT)}, check=True, timeout=120,
    )  # fmt: skip
    assert len({hashlib.sha256(path.read_bytes()).hexdigest() for path in (here, again, elsewhere)}) == 1


def test_another_seed_gives_other_bytes(tmp_path: Path):
    first, second = tmp_path / "7.dem", tmp_path / "17.dem"
    write_demo(forged(SEED), first)
    write_demo(forged(17), second)
    assert first.read_bytes() != second.read_bytes()
