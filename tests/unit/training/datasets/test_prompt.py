"""The prompt spells the schema out and does not hold the answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.captures.labelling.schema import answer_schema
from apps.training.datasets.prompt import strip_current_state, system_prompt, user_prompt
from tests.unit.training.datasets.samples import CONTEXT


def test_every_field_and_every_allowed_value_is_spelt_out() -> None:
    prompt = system_prompt()

    def walk(schema: dict[str, object]) -> None:
        for value in schema.get("enum", ()):  # type: ignore[attr-defined]
            assert (f'"{value}"' if isinstance(value, str) else "null" if value is None else str(value)) in prompt
        for name, inner in schema.get("properties", {}).items():  # type: ignore[attr-defined]
            assert f'"{name}"' in prompt
            walk(inner)
        if "items" in schema:
            walk(schema["items"])  # type: ignore[arg-type]

    walk(answer_schema())


def test_the_prompt_is_short_enough_to_leave_room_for_frames() -> None:
    assert len(system_prompt()) < 3000


def test_the_context_stands_before_the_question() -> None:
    assert "Round so far:\nRound 3" in user_prompt("Round 3\n")
    assert "Round so far" not in user_prompt("  \n")


def test_the_current_state_is_stripped_and_history_stays() -> None:
    assert strip_current_state(CONTEXT) == (
        "Round 3\n\nECONOMY AT ROUND START:\nT team: $2100 unspent, 4 of 5 with a primary\n\n"
        "EVENTS:\n- 4 s: Ann (CT) threw smoke\n- 9 s: Bob (T) killed Cid (CT) with ak47"
    )


def test_sections_after_the_current_state_stay() -> None:
    assert strip_current_state("CURRENT STATE:\nAlive: 3\n\nEVENTS:\n- 1 s: x") == "EVENTS:\n- 1 s: x"


@pytest.mark.parametrize(
    "line",
    ["Alive: T 3, CT 2", "Health: 40", "Score: 3-2", "  Bomb: planted", "Round time: 60s", "Map: de_nuke", "POV: x"],
)
def test_state_lines_go_wherever_they_stand(line: str) -> None:
    assert strip_current_state(f"Round 1\n{line}\nEVENTS:\n- 1 s: a") == "Round 1\nEVENTS:\n- 1 s: a"


@given(st.text())
def test_stripping_is_idempotent_and_only_removes(text: str) -> None:
    once = strip_current_state(text)
    assert strip_current_state(once) == once
    assert len(once) <= len(text)
