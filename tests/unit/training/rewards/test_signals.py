"""Signals as TRL calls them, the total, and what both owe the gate."""

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.training.rewards.presets import PRESETS
from apps.training.rewards.signals import completion_text, signals
from apps.training.rewards.total import total
from tests.unit.training.rewards.answers import BEHAVIOR, LABEL, answer, behaviors, columns, fractions, states, text

presets = st.sampled_from(list(PRESETS.values()))
CLOSED = ["", "{}", "not json", text(primary_action=""), text() + " and so on", json.dumps({**answer(), "advice": {}})]
rows = st.fixed_dictionaries(
    {
        "label": states.map(json.dumps) | st.just("{}"),
        "observability": st.none() | st.just("{}"),
        "behavior": st.none() | behaviors.map(json.dumps),
        "categories": st.none() | st.just('["hold"]'),
        "contribution": st.none() | fractions | st.just(math.nan),
        "round_won": st.none() | st.booleans(),
    }
)
answers = st.builds(
    answer, states, st.none() | behaviors, primary_action=st.sampled_from(["Push A.", "Hold.", "Think.", "Save."])
).map(json.dumps) | st.sampled_from(CLOSED)


def called(signal: Any, completions: list[Any], samples: list[dict[str, Any]]) -> list[float | None]:
    """As TRL calls: everything by keyword, one list per column, and extras a reward may ignore."""
    lists = {name: [sample[name] for sample in samples] for name in samples[0]}
    prompts = [[{"role": "user", "content": "?"}]] * len(completions)
    values: list[float | None] = signal(
        prompts=prompts, completions=completions, completion_ids=[[1]] * len(completions), trainer_state=None, **lists
    )
    return values


@given(presets, st.lists(st.tuples(answers, rows), min_size=1, max_size=4))
def test_values_are_gated_finite_and_add_up(preset: Any, pairs: list[tuple[str, dict[str, Any]]]) -> None:
    texts, samples = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    parts = {signal.name: (signal.weight, called(signal, texts, samples)) for signal in signals(preset)}
    for index, (written, sample) in enumerate(pairs):
        breakdown = total(written, sample, preset)
        earned = 0.0
        for score in breakdown.parts:
            weight, values = parts[score.name]
            assert len(values) == len(texts)
            value = values[index]
            assert value == score.value
            assert value is None or (0 <= value <= 1 and math.isfinite(value))
            earned += weight * (value or 0.0)
        assert breakdown.total == pytest.approx(earned)
        assert 0 <= breakdown.total <= 1 + 1e-9


@given(presets, st.sampled_from(CLOSED), rows)
def test_a_closed_gate_kills_everything(preset: Any, written: str, sample: dict[str, Any]) -> None:
    found = total(written, sample, preset)
    assert found.gate == 0
    assert found.gate_reason
    assert found.total == 0
    assert all(not field.tolerant for field in found.perception.fields)


@given(presets, answers, st.sampled_from(CLOSED), rows)
def test_what_is_not_known_does_not_depend_on_the_answer(
    preset: Any, one: str, other: str, sample: dict[str, Any]
) -> None:
    """Else a group would mix scores with gaps, and a gap would beat a zero."""
    for signal in signals(preset):
        first, second = called(signal, [one, other], [sample, sample])
        assert (first is None) == (second is None)


@given(presets, rows, states)
def test_empty_advice_never_beats_advice(preset: Any, sample: dict[str, Any], state: dict[str, Any]) -> None:
    empty = text(state, primary_action="", reasoning="", fallback="", callout="")
    assert total(empty, sample, preset).total == 0 <= total(text(state), sample, preset).total


def test_advice_that_says_nothing_does_not_score_where_nothing_was_thrown() -> None:
    """The old reward gave 0.87 for this."""
    sample = columns(behavior=json.dumps({**BEHAVIOR, "utility_used": [], "initiated_engagement": False}))
    found = total(text(primary_action="Think."), sample, PRESETS["d013-matrix"])
    assert found.decision is not None
    assert found.decision.score == 0


def test_a_perfect_answer_on_a_won_round_earns_everything() -> None:
    for name in ("d013-matrix", "d013-literal", "discovery"):
        assert total(text(behavior=BEHAVIOR), columns(), PRESETS[name]).total == pytest.approx(1)


def test_a_deviation_on_a_lost_round_beats_agreement_only_under_discovery() -> None:
    lost = columns(round_won=False)
    other = {**BEHAVIOR, "movement_direction": -1, "objective_direction": -1, "utility_used": ["smoke"]}

    def agreeing_gains(name: str) -> float:
        preset = PRESETS[name]
        return total(text(behavior=BEHAVIOR), lost, preset).total - total(text(behavior=other), lost, preset).total

    assert agreeing_gains("discovery") < 0 < agreeing_gains("d013-matrix") < agreeing_gains("d013-literal")


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_an_unknown_outcome_gives_none_and_not_a_half(name: str) -> None:
    sample = columns(round_won=None)
    [value] = [
        part.value for part in total(text(behavior=BEHAVIOR), sample, PRESETS[name]).parts if part.name == "outcome"
    ]
    assert value is None


def test_every_part_says_why() -> None:
    parts = {part.name: part for part in total(text({"player_health": 1}), columns(), PRESETS["d013-matrix"]).parts}
    assert "player_health" in parts["perception"].why
    assert "movement_direction 0.00" in parts["decision"].why
    assert parts["outcome"].why == "Round won, contribution 1.00, agreement 0.00."
    unknown = total(text(), columns(behavior=None), PRESETS["d013-matrix"]).parts[1]
    assert unknown.why == "What the player did next is not known."


def test_signals_have_the_names_trl_logs_them_by() -> None:
    found = signals(PRESETS["d013-matrix"])
    assert [signal.__name__ for signal in found] == ["perception", "decision", "outcome"]
    assert [signal.weight for signal in found] == [0.20, 0.30, 0.50]


def test_columns_may_be_missing_but_not_short_or_damaged() -> None:
    [signal, *_] = signals(PRESETS["d013-matrix"])
    assert signal(prompts=["?"], completions=[text()]) == [None]
    with pytest.raises(ValueError, match="2 completions"):
        signal(prompts=["?"] * 2, completions=[text()] * 2, label=["{}"])
    with pytest.raises(ValueError, match="not JSON"):
        signal(prompts=["?"], completions=[text()], label=["{"])
    with pytest.raises(ValueError, match="holds a list"):
        signal(prompts=["?"], completions=[text()], label=["[]"])


def test_an_already_read_column_is_taken_as_it_is() -> None:
    assert (
        total(text(), columns(label=LABEL), PRESETS["d013-matrix"]).total
        == total(text(), columns(), PRESETS["d013-matrix"]).total
    )


@pytest.mark.parametrize(
    "completion",
    [
        "Go.",
        [{"role": "assistant", "content": "Go."}],
        [{"role": "assistant", "content": [{"type": "text", "text": "Go."}]}],
        {"content": "Go."},
    ],
)
def test_completions_come_as_text_or_messages(completion: Any) -> None:
    assert completion_text(completion) == "Go."


@pytest.mark.parametrize("completion", [None, [], {}, [{"role": "assistant", "content": None}], 3])
def test_an_empty_completion_is_empty_text(completion: Any) -> None:
    assert completion_text(completion) == ""


@given(st.sampled_from(["d005-seven-signals", "d006-revised"]), answers, rows)
def test_the_first_designs_signals_are_all_there(name: str, written: str, sample: dict[str, Any]) -> None:
    found = {part.name for part in total(written, sample, PRESETS[name]).parts}
    assert {"hard", "soft", "alignment", "outcome", "consistency", "quality"} <= found
    assert ("format" in found) == (name == "d005-seven-signals")
