"""How each field is typed in follows from the answer schema."""

from apps.captures.labelling.schema import section_schema
from apps.coach.advice.fields import as_json, field_kinds
from apps.coach.cards import LABELS


def test_every_field_of_the_game_state_has_its_kind_of_control() -> None:
    kinds = {kind.path.removeprefix("game_state."): kind for kind in field_kinds(LABELS)}
    assert list(kinds) == list(section_schema("game_state")["properties"])
    assert (kinds["player_health"].kind, kinds["player_health"].least, kinds["player_health"].most) == ("whole", 0, 100)
    assert kinds["player_side"].options == ("CT", "T")
    assert kinds["player_has_helmet"].kind == "yesno"
    assert "Flashbang" in kinds["utility"].options
    assert kinds["round_clock"].pattern
    assert all(kind.label != kind.path for kind in kinds.values())


def test_a_script_is_told_only_what_there_is() -> None:
    health = next(kind for kind in as_json(field_kinds(LABELS)) if kind["path"] == "game_state.player_health")
    assert health == {"path": "game_state.player_health", "label": "Health", "kind": "whole", "least": 0, "most": 100}
