import pytest

from apps.captures.labelling.places import place_name
from apps.captures.labelling.schema import section_schema
from apps.demos.parsing.items import ITEMS, hud_name, item, utility

# What awpy's decoder can say, from its class table.
AWPY_NAMES = """
    ak47 aug awp bizon famas g3sg1 galilar m249 m4a1 m4a1_silencer mac10 mag7 mp5sd mp7 mp9 negev nova p90 sawedoff
    scar20 sg556 ssg08 ump45 xm1014 cz75a deagle elite fiveseven glock hkp2000 p250 revolver tec9 usp_silencer knife
    taser c4 hegrenade flashbang smokegrenade molotov incendiary incgrenade decoy
"""


@pytest.mark.parametrize("name", AWPY_NAMES.split())
def test_every_item_the_parser_can_name_has_a_hud_name(name: str) -> None:
    assert hud_name(name)
    assert hud_name(f"weapon_{name}") == hud_name(name)


def test_all_24_rifles_and_smgs_and_10_pistols_are_there() -> None:
    kinds = [thing.kind for thing in ITEMS.values()]
    assert (kinds.count("primary"), kinds.count("secondary"), kinds.count("grenade")) == (24, 10, 6)


def test_the_utility_words_are_those_of_the_answer_schema() -> None:
    allowed = set(section_schema("game_state")["properties"]["utility"]["items"]["enum"])
    words = set(section_schema("advice")["properties"]["behavior"]["properties"]["utility_used"]["items"]["enum"])
    grenades = [thing for thing in ITEMS.values() if thing.kind == "grenade"]
    assert {thing.hud_name for thing in grenades} == allowed
    assert {thing.word for thing in grenades} == words


def test_two_flashbangs_are_two() -> None:
    assert utility(["flashbang", "knife", "smokegrenade", "flashbang"]) == ["Flashbang", "Flashbang", "Smoke Grenade"]


def test_names_meet_whatever_their_source_calls_them() -> None:
    assert {hud_name(name) for name in ("incendiary", "incgrenade", "weapon_incgrenade")} == {"Incendiary Grenade"}
    assert {hud_name(name) for name in ("knife", "knife_t", "weapon_knife_butterfly", "bayonet")} == {"Knife"}
    assert {hud_name(name) for name in ("usp_silencer", "weapon_usp_silencer")} == {"USP-S"}


def test_the_unknown_is_none_and_not_engine_jargon() -> None:
    assert item("weapon_of_next_year") is None
    assert hud_name(None) is None


@pytest.mark.parametrize(
    ("engine", "hud"),
    [
        ("TSpawn", "T Start"),
        ("CTSpawn", "CT Start"),
        ("BombsiteA", "Bombsite A"),
        ("TopofMid", "Top of Mid"),
        ("BackofA", "Back of A"),
        ("ARamp", "A Ramp"),
        ("HutRoof", "Hut Roof"),
        ("2ndMid", "2nd Mid"),
        ("Catwalk", "Catwalk"),
        ("", None),
        (None, None),
    ],
)
def test_places_read_as_on_the_hud(engine: str | None, hud: str | None) -> None:
    assert place_name(engine) == hud
