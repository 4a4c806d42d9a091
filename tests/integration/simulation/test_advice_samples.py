"""Moments for advice: frames with what each choice there is worth, written by part, resumable, held out by match."""

import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from apps.captures.labelling.state import LabelError
from apps.coach.advice.validation import validate
from apps.simulation.advicesamples import moments
from apps.simulation.advicesamples import write as writing
from apps.simulation.advicesamples.write import BLOCK, EVERY, by_match, match_of, write
from apps.simulation.hudsamples.write import sample as hud_sample
from apps.training.trainers.hud.advice_examples import advice_examples
from apps.training.trainers.hud.advice_samples import fields, read_lines, true_state, visible_state
from apps.training.trainers.hud.labels import simulated

COUNT = 14


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("advice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "VIEWS", 2)
        patch.setattr(moments, "ROUNDS", 4)
        patch.setattr(writing, "COPIES", 3)
        patch.setattr(writing, "COPIES_HELD_OUT", 4)
        assert write(made, COUNT, seed=3) == COUNT
    return made


def test_held_out_numbers_are_of_matches_of_their_own() -> None:
    numbers = range(5 * BLOCK)
    held = {match_of(number) for number in numbers if number % EVERY == 0}
    others = {match_of(number) for number in numbers if number % EVERY}
    assert not held & others
    assert len(held) == 5
    assert len(others) == 20


def test_parts_share_the_work_without_a_match_in_common() -> None:
    shared = [dict(by_match(1_000, part, 3)) for part in range(3)]
    numbers = [number for part in shared for found in part.values() for number in found]
    assert sorted(numbers) == list(range(1_000))
    assert len({match for part in shared for match in part}) == sum(len(part) for part in shared)


def test_lines_hold_all_that_the_huds_samples_hold(folder: Path) -> None:
    lines = read_lines(folder)
    image = Image.new("RGB", (64, 36))
    _, known, _ = hud_sample(1, 1, [image])
    assert [line["file"] for line in lines] == [f"{number:06d}.jpg" for number in range(COUNT)]
    for line in lines:
        assert known.keys() <= line.keys()
        with Image.open(folder / "frames" / line["file"]) as frame:
            assert list(frame.size) == line["size"]
    known_held = {one.path.name: one.held_out for one in simulated(folder)}
    assert known_held == {line["file"]: line["held_out"] for line in lines}


def test_what_the_frame_shows_is_what_labelling_says(folder: Path) -> None:
    compared = 0
    for line in read_lines(folder):
        seen = visible_state(line)
        assert tuple(seen) == fields()
        if line["kind"] in ("live", "freeze", "over"):
            truth = _true(line)
            compared += 1
            for name, value in seen.items():
                assert value is None or name == "player_has_helmet" or value == truth[name], (line["file"], name)
    assert compared > COUNT / 2


def _true(line: dict[str, Any]) -> dict[str, Any]:
    try:
        return true_state(line)
    except LabelError as error:
        raise AssertionError(f"{line['file']}: {error}") from error


def test_options_are_valued_in_two_halves_and_holding_is_always_one(folder: Path) -> None:
    valued = [line for line in read_lines(folder) if line.get("options")]
    assert valued
    for line in valued:
        for option in line["options"]:
            assert len(option["wins"]) == 2
            assert all(0 <= wins <= line["copies"] for wins in option["wins"])
        ways = {
            (one["behavior"]["movement_direction"], one["behavior"]["objective_direction"]) for one in line["options"]
        }
        assert (0, 0) in ways
        assert 0 <= line["shown_option"] < len(line["options"])


def test_every_sample_becomes_a_valid_answer(folder: Path) -> None:
    for line, _, text in advice_examples(folder):
        answer, problems = validate(text)
        assert problems == []
        assert answer is not None
        assert ("behavior" in answer["advice"]) == ("options" in line or "order" in line)


def test_run_again_it_writes_only_what_is_missing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "VIEWS", 2)
    monkeypatch.setattr(moments, "ROUNDS", 4)
    monkeypatch.setattr(writing, "COPIES", 3)
    assert write(folder, COUNT, seed=3) == 0
    path = folder / "labels-0.jsonl"
    lines = path.read_text().splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n" + lines[-1][:40])
    assert write(folder, COUNT, seed=3) == 1
    assert [line["file"] for line in read_lines(folder)] == sorted(json.loads(line)["file"] for line in lines)
