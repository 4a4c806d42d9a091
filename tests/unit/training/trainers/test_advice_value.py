"""What advice is worth, the teacher behind it, and the command that measures answers without any model."""

import json
import sys
from pathlib import Path
from random import Random

import pytest

from apps.coach.advice.validation import validate
from apps.training.rewards.behavior import Behavior
from apps.training.trainers.hud import advice_measure
from apps.training.trainers.hud.advice_examples import advice_examples
from apps.training.trainers.hud.advice_samples import context_of, options_of, read_lines, true_state, visible_state
from apps.training.trainers.hud.advice_teacher import teach
from apps.training.trainers.hud.advice_value import advice_value, by_match
from apps.training.trainers.hud.labels import Labelled
from tests.unit.training.trainers.advice_scenes import line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    source = Random(1)
    kinds = ("live", "live", "freeze", "menu", "watching", "over", "none", "live")
    rows = [line(n, source, kind=kinds[n % len(kinds)], held_out=n // 4 % 5 == 4) for n in range(120)]
    rows = [row if row["kind"] != "none" else {**row, "side": None, "phase": "other"} for row in rows]
    for part in range(2):
        text = "".join(json.dumps(row) + "\n" for row in rows[part::2])
        (tmp_path / f"labels-{part}.jsonl").write_text(text + ('{"file": "9' if part else ""))
    return tmp_path


def test_lines_of_all_parts_are_read_in_order_and_a_cut_off_one_is_left_out(folder: Path) -> None:
    assert [row["file"] for row in read_lines(folder)] == [f"{n:06d}.jpg" for n in range(120)]


def test_value_of_an_answer_is_that_of_the_nearest_option() -> None:
    row = line(1, Random(1))
    row["options"][0]["wins"], row["options"][1]["wins"], row["options"][2]["wins"] = [3, 9], [6, 6], [9, 3]
    told = advice_value(row, row["options"][0]["behavior"])
    assert told.advised == 0.75
    assert told.best == 0.25, "chosen on the first half, valued on the second"
    assert told.hold == told.shown == 0.5
    assert told.regret == -0.5
    near = advice_value(row, Behavior(1, 1, frozenset({"smoke"}), True, 0.6))
    assert near.advised == 0.75


def test_nothing_advised_or_nothing_to_decide_is_refused() -> None:
    with pytest.raises(ValueError, match="no behaviour"):
        advice_value(line(1, Random(1)), {})
    with pytest.raises(ValueError, match="Nothing was valued"):
        advice_value(line(1, Random(1), kind="over"), Behavior(0))


def test_the_teacher_learns_from_other_matches_what_wins() -> None:
    source = Random(1)
    rows = [line(number, source, held_out=number // 4 % 5 == 4) for number in range(800)]
    teacher = teach(rows)
    held = [row for row in rows if row["held_out"]]
    assert held
    for row in held:
        best = options_of(row)[teacher.best(row, seen_only=True)].behavior["movement_direction"]
        if row["alive_left"] - row["alive_right"] >= 2:
            assert best == 1
        if row["alive_right"] - row["alive_left"] >= 2:
            assert best == -1


def test_nobody_is_sent_away_before_the_round_has_begun() -> None:
    rows = [line(number, Random(number), kind="freeze") for number in range(200)]
    teacher = teach(rows)
    for row in rows:
        assert options_of(row)[teacher.best(row, seen_only=True)].behavior["movement_direction"] >= 0


def test_a_held_out_moment_is_chosen_without_the_half_that_measures_it() -> None:
    rows = [line(n, Random(n)) for n in range(12)]
    row = line(40, Random(3), held_out=True)
    before = teach(rows).values(row).tolist()
    for option in row["options"]:
        option["wins"] = [option["wins"][0], 0]
    assert teach(rows).values(row).tolist() == before


def test_the_bootstrap_draws_whole_matches() -> None:
    row = line(1, Random(1))
    row["options"][0]["wins"], row["options"][1]["wins"] = [0, 0], [0, 12]
    low, high = (advice_value(row, row["options"][at]["behavior"]) for at in (0, 1))
    mixed = [(match, one) for match in range(20) for one in (low, high)]
    assert by_match(mixed, lambda one: one.advised).low == by_match(mixed, lambda one: one.advised).high == 0.5
    apart = [(match, low if match % 2 else high) for match in range(20)]
    found = by_match(apart, lambda one: one.advised)
    assert found.low < 0.4 < 0.6 < found.high


def test_labels_and_context_are_made_by_the_labeller(folder: Path) -> None:
    row = read_lines(folder)[0]
    seen, truth = visible_state(row), true_state(row)
    assert (seen["utility"], truth["utility"]) == (None, ["HE Grenade"]), "the tile's icons are not read"
    assert (seen["weapon_primary"], seen["weapon_secondary"]) == ("AK-47", None), "what is in hand is written there"
    for name, value in seen.items():
        assert value is None or value == truth[name], name
    assert seen["map_name"] is seen["team_money_total"] is seen["visible_enemies"] is None
    assert context_of(row, "none") == ""
    assert "CURRENT STATE" in context_of(row, "full")
    assert "CURRENT STATE" not in context_of(row, "stripped")


def test_who_watches_is_not_told_the_watched_ones_values_as_their_own() -> None:
    row = line(1, Random(1), kind="watching")
    seen = visible_state(row)
    assert seen["player_health"] is seen["weapon_primary"] is seen["place_name"] is None
    assert seen["alive_teammates"] == row["alive_left"]


def test_examples_are_valid_the_same_again_and_say_what_cannot_be_known(folder: Path) -> None:
    found = advice_examples(folder)
    assert found == advice_examples(folder)
    assert len(found) == 120
    for row, prompt, text in found:
        read, wrong = validate(text)
        assert wrong == []
        assert read is not None
        assert ("behavior" in read["advice"]) == (row["kind"] in ("live", "freeze"))
        assert prompt.endswith("as the one JSON object.")
        assert read["game_state"] == visible_state(row)


def test_measuring_a_file_of_answers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = [(row, text) for row, _, text in advice_examples(folder) if row["held_out"]]
    texts = [text for _, text in found]
    texts[0] = "{"
    answers = folder / "answers.jsonl"
    answers.write_text(
        "".join(
            json.dumps({"file": row["file"], "text": text}) + "\n" for (row, _), text in zip(found, texts, strict=True)
        )
    )
    sys.argv = ["measure", "--samples", str(folder), "--answers", str(answers)]
    assert advice_measure.main() == 0
    told = capsys.readouterr().out
    assert f"valid {100 * (len(found) - 1) / len(found):.1f} % ({len(found) - 1}/{len(found)})" in told
    assert "cannot be known: 100.0 %" in told
    assert "regret of the advice against the best" in told
    assert found[0][0]["file"] in told


def test_answers_are_valid_for_the_measure_just_when_they_are_for_the_coach(folder: Path) -> None:
    good = advice_examples(folder)[0][2]
    broken = [
        good,
        good[:-1],
        good.replace('"CT"', '"XX"', 1),
        good.replace("primary_action", "action"),
        "[]",
        "",
        f"{good} .",
    ]
    for text in broken:
        assert (advice_measure.problems(text)[1] == []) == (validate(text)[1] == [])


def test_answers_about_real_frames_are_held_against_their_labels() -> None:
    label = {
        "clock": "1:10",
        "score_left": 3,
        "phase": "live",
        "hud_color": "blue",
        "health": 87,
        "weapon": "AWP | Asiimov",
    }
    frame = Labelled(Path("1.jpg"), label, None, {}, real=True)
    state = {"round_clock": "1:10", "score_ct": 3, "player_side": "CT", "player_health": 88, "utility": ["Flashbang"]}
    told = advice_measure.against([(frame, {"game_state": state})])
    assert "60.0 % (3/5)" in told
    assert "player_health 1" in told
    assert "weapon_in_hand 1" in told
    assert told.endswith("1 of what the tile does not tell")
