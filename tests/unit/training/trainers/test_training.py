"""TRL's real trainers on the tiny model, started as a job starts them."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from apps.captures.hud.groups import TILE
from apps.captures.hud.readings import MARKER, reads_tiles
from apps.training.trainers.data import load_samples
from apps.training.trainers.folder import INCOMPLETE, check_model_folder
from tests.tiny import lines
from tests.unit.training.trainers.conftest import finish, start

Configure = Callable[..., Path]


def _weights(folder: Path) -> dict[str, bytes]:
    from safetensors import safe_open

    with safe_open(folder / "model.safetensors", "np") as file:
        return {name: file.get_tensor(name).tobytes() for name in file.keys()}  # noqa: SIM118


def test_sft_learns_the_language_side_only_and_goes_on_from_the_last_whole_checkpoint(
    tmp_path: Path, tiny_model: Path, configure: Configure
) -> None:
    output = tmp_path / "out; touch pwned $(touch pwned) 'x"
    code, said = finish(start("sft", configure("sft", output, steps=3, save_every=2)))
    assert code == 0, said
    assert not list(tmp_path.rglob("pwned"))
    rows = lines(output / "metrics.jsonl")
    assert [row["step"] for row in rows] == [1, 2, 3]
    assert rows[-1]["values"]["loss"] < rows[0]["values"]["loss"]
    assert json.loads((output / "status.json").read_text())["status"] == "finished"
    check_model_folder(output / "final")
    before, after = _weights(tiny_model), _weights(output / "final")
    changed = {name for name in before if before[name] != after[name]}
    assert changed
    assert not [name for name in changed if "visual" in name]
    assert not list((output / "checkpoints").rglob(INCOMPLETE))

    # Resuming passes over a checkpoint that was cut off while it was being saved.
    cut = output / "checkpoints" / "checkpoint-9"
    cut.mkdir()
    (cut / INCOMPLETE).touch()
    (cut / "trainer_state.json").write_text("{")
    code, said = finish(start("sft", configure("sft", output, resume=True, steps=4)))
    assert code == 0, said
    assert [row["step"] for row in lines(output / "metrics.jsonl")] == [1, 2, 3, 4]


def test_a_reader_of_the_hud_is_trained_on_tiles_and_stays_one(
    tmp_path: Path, tiny_model: Path, configure: Configure
) -> None:
    reader = tmp_path / "reader"
    shutil.copytree(tiny_model, reader)
    (reader / MARKER).write_text("{}")
    output = tmp_path / "out"
    code, said = finish(start("sft", configure("sft", output, model=reader, steps=1, save_every=1)))
    assert code == 0, said
    tiles = [path for path in (output / "tiles").rglob("*") if path.is_file()]
    assert len(tiles) == len(load_samples(tmp_path / "data" / "manifest.jsonl", tmp_path / "data", "train"))
    for tile in tiles:
        with Image.open(tile) as image:
            assert (image.format, image.size) == ("PNG", TILE)
    assert reads_tiles(output / "final")
    assert reads_tiles(output / "checkpoints/checkpoint-1")  # kept too, and served or evaluated like the last one


def test_grpo_reports_every_signal_and_keeps_answers_beside_their_frame(tmp_path: Path, configure: Configure) -> None:
    output = tmp_path / "out"
    config = configure("grpo", output, steps=1, groups=2, num_generations=2, max_new_tokens=256, lora_rank=2, beta=0.1)
    code, said = finish(start("grpo", config))
    assert code == 0, said
    values = lines(output / "metrics.jsonl")[0]["values"]
    for name in ("perception", "decision", "outcome"):
        assert {f"signal/{name}/{what}" for what in ("mean", "std", "group_std", "zero_spread", "share")} <= set(values)
    assert values["gate_rate"] == 0  # random weights
    assert values["zero_spread"] == 1
    assert values["kl"] is not None
    answers = lines(output / "completions.jsonl")
    frames = [row["screenshot_id"] for row in answers]
    assert frames[::2] == frames[1::2], "two answers to each of two frames"
    assert len(set(frames)) == 2
    assert set(frames) <= {1, 2, 3}  # 4 is validation
    check_model_folder(output / "final")  # LoRA merged into a whole model


@pytest.mark.parametrize("broken", ["model", "frame"])
def test_what_is_missing_is_said_in_one_sentence(tmp_path: Path, configure: Configure, broken: str) -> None:
    output = tmp_path / "out"
    config = configure("sft", output, steps=1, **({"model": tmp_path / "gone"} if broken == "model" else {}))
    if broken == "frame":
        (tmp_path / "data/frames/2.jpg").unlink()
    code, said = finish(start("sft", config))
    assert code == 3
    assert "Traceback" not in said
    status = json.loads((output / "status.json").read_text())
    assert status["status"] == "failed"
    assert ("no model folder" if broken == "model" else "frames/2.jpg") in status["message"]
