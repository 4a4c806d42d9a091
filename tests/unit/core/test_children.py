"""What the processes of a running Chimera are given along."""

from pathlib import Path

import pytest

from apps.core.launch import children


def test_a_small_model_is_served_on_one_core_unless_somebody_says_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"x")
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert children.model_server(tmp_path, 8100).environment["OMP_NUM_THREADS"] == "1"
    with weights.open("r+b") as file:
        file.truncate(children.SMALL_BYTES)
    assert "OMP_NUM_THREADS" not in children.model_server(tmp_path, 8100).environment
    weights.write_bytes(b"x")
    monkeypatch.setenv("OMP_NUM_THREADS", "4")
    assert "OMP_NUM_THREADS" not in children.model_server(tmp_path, 8100).environment
