"""What the names of files and servers tell, and that they tell nothing where nothing is known."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing import naming
from apps.demos.parsing.naming import Naming, understand

UUID = "6c306e56-8170-4092-b402-08dbf813e452"
EVENING = datetime(2025, 1, 31, 20, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        (f"1-{UUID}-1-1.dem", Naming("faceit", map_number=1)),
        (f"1-{UUID}-3-1.dem.zst", Naming("faceit", map_number=3)),
        (f"1-{UUID}.dem.gz", Naming("faceit")),
        (
            "natus-vincere-vs-faze-m1-mirage.dem",
            Naming("hltv", ("Natus Vincere", "Faze"), map_name="de_mirage", map_number=1),
        ),
        (
            "g2-vs-9z-m2-dust2-p2.dem",
            Naming("hltv", ("G2", "9Z"), map_name="de_dust2", map_number=2, part=2),
        ),
        ("faze-vs-g2-office.dem", Naming("hltv", ("Faze", "G2"), map_name="cs_office")),
        (
            "IEM-Katowice-2025-faze-vs-g2-bo3-x7Kd/faze-vs-g2-m1-nuke.dem",
            Naming("hltv", ("Faze", "G2"), "IEM Katowice 2025", map_name="de_nuke", map_number=1),
        ),
        (
            "ESL-Pro-League-Season-21\\faze-vs-g2-m1-nuke.dem",
            Naming("hltv", ("Faze", "G2"), "ESL Pro League Season 21", map_name="de_nuke", map_number=1),
        ),
        (
            "Downloads/faze-vs-g2-m1-nuke.dem",
            Naming("hltv", ("Faze", "G2"), map_name="de_nuke", map_number=1),
        ),
        (
            "auto0-20250131-203000-12345-de_mirage-My_Server.dem",
            Naming("gotv", played_at=EVENING, map_name="de_mirage"),
        ),
        ("auto-20250131-2030-de_mirage.dem", Naming("gotv", played_at=EVENING, map_name="de_mirage")),
        (
            "auto0-20250131-203000-1-de_mirage-FACEIT.com_register.dem",
            Naming("faceit", played_at=EVENING, map_name="de_mirage"),
        ),
        ("match730_003724512345678901234_0123456789_192.dem", Naming("valve")),
        ("esea_match_1234567.dem", Naming("esea")),
        ("popflash_eu_1234_de_nuke (1).dem", Naming("popflash", map_name="de_nuke")),
        ("renown_match_8.dem", Naming("renown")),
        ("esplay-nnQccdWWJtkc.dem", Naming("esplay")),
        ("challengermode_77_de_anubis.dem", Naming("challengermode", map_name="de_anubis")),
        (
            "2025-01-31_20-30-00_17_de_train_Aurora_vs_3DMAX.dem",
            Naming("matchzy", ("Aurora", "3DMAX"), played_at=EVENING, map_name="de_train"),
        ),
        ("2025-01-31_20-30-00_17_de_train_Team_A_vs_Team_B.dem", Naming("matchzy", (), "", EVENING, "de_train")),
        ("2025-01-31_20-30-00_8_map2_de_train.dem", Naming("get5", (), "", EVENING, "de_train", 2)),
        ("g161-20250131203000795_de_nuke.dem", Naming("5eplay", (), "", EVENING, "de_nuke")),
        ("scrim 2025-01-31 de_nuke.dem", Naming(played_at=datetime(2025, 1, 31, tzinfo=UTC), map_name="de_nuke")),
        # nothing is better than something wrong
        ("scrim 2025-13-41.dem", Naming()),
        ("1999-01-01.dem", Naming()),
        ("a-vs-b-vs-c-mirage.dem", Naming()),
        ("faze-vs-faze-mirage.dem", Naming()),
        ("de_mirage or de_nuke.dem", Naming()),
        ("mirage.dem", Naming()),
        ("1-not-a-uuid-1-1.dem", Naming()),
        (".dem", Naming()),
        ("", Naming()),
    ],
)
def test_a_file_name(name: str, told: Naming) -> None:
    assert understand(name) == told


@pytest.mark.parametrize(
    ("name", "server", "client", "platform"),
    [
        ("x.dem", "FACEIT.com register to play here", "SourceTV Demo", "faceit"),
        ("x.dem", "Valve Counter-Strike 2 poland Server (srcds1013-waw1.189.57)", "SourceTV Demo", "valve"),
        ("x.dem", "Challengermode.com - Register to join", "SourceTV Demo", "challengermode"),
        ("x.dem", "[A:1:1887247373:22970]", "DJ =DDD!", "pov"),
        ("x.dem", "loopback:1", "Black_Yuzia", "pov"),
        ("x.dem", "Partridge", "SourceTV Demo", ""),
        ("x.dem", "Please select a team", "somebody", ""),
        # the platform's own name for a file is surer than a server's, a server's surer than its software's
        (f"1-{UUID}-1-1.dem", "Weasel TV", "SourceTV Demo", "faceit"),
        ("auto0-20250131-203000-1-de_nuke.dem", "ESL Match Server", "SourceTV Demo", "esl"),
    ],
)
def test_server_and_client(name: str, server: str, client: str, platform: str) -> None:
    assert understand(name, server_name=server, recorded_by=client).platform == platform


@given(st.text(max_size=255), st.text(max_size=255), st.text(max_size=100))
def test_any_name_is_answered(name: str, server: str, client: str) -> None:
    told = understand(name, server_name=server, recorded_by=client)
    assert told.platform in {"", *naming.PLATFORMS}
    assert len(told.teams) in (0, 2)
    assert told.played_at is None or naming.FIRST <= told.played_at < naming.LAST


@given(st.from_regex(r"[a-z0-9.-]{0,60}(-vs-[a-z0-9.-]{1,60}){0,3}(-m[0-9])?(-mirage)?(-p[0-9])?\.dem", fullmatch=True))
def test_names_that_look_like_those_of_hltv(name: str) -> None:
    told = understand(name)
    if told.platform == "hltv":
        assert told.map_name == "de_mirage"
        assert len({naming.key(team) for team in told.teams}) == 2


@given(st.text(min_size=1, max_size=200))
def test_a_key_is_stable(name: str) -> None:
    found = naming.key(name)
    assert naming.key(found) == found
    assert naming.key(name.upper().lower()) == naming.key(name.lower().upper().lower())
    assert bool(found) == bool(name.strip()) or not found


def test_spellings_of_one_team() -> None:
    assert len({naming.key(n) for n in ("Natus Vincere", "natus-vincere", "NATUS  VINCERE", "Team Natus Vincere")}) == 1
    assert naming.key("Team") == "team"
    assert naming.key("!!!") == "!!!"
    assert [naming.is_team(n) for n in ("Terrorists", "team_s1mple", "Team A", " ", "Team Liquid")] == [False] * 4 + [
        True
    ]
