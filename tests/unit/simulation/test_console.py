"""What the console answers, without a socket."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.simulation.commandline import split_commands
from apps.simulation.console import Console, Drop, Load, Quit, Shot
from apps.simulation.faults import Faults
from apps.simulation.playback import Playback, Timing
from tests.unit.simulation.recordings import walking


@pytest.fixture
def console(tmp_path: Path) -> Console:
    """A console in a demo that is playing."""
    game = Playback(Timing(load_seconds=0.0), Faults())
    game.begin_loading("match.dem", 0.0)
    game.loaded(walking())
    for now in (0.0, 0.0, 0.5):
        game.advance(now)
    return Console(game, tmp_path)


def answer(console: Console, line: str) -> list[str]:
    return console.run(line, 0.5).lines


def test_echo_ends_in_a_blank_as_in_the_game(console: Console) -> None:
    assert answer(console, 'echo  ready "a  b"') == ["ready a  b "]


def test_an_unknown_command_is_named(console: Console) -> None:
    assert answer(console, "hack_the_planet 1") == ["Unknown command: hack_the_planet"]


def test_several_commands_in_one_line(console: Console) -> None:
    assert answer(console, "echo a; echo b // echo c") == ["a ", "b "]


def test_convars_are_remembered(console: Console) -> None:
    assert answer(console, "hidehud 128") == []
    assert answer(console, "hidehud") == ["hidehud = 128"]


def test_getpos_prints_the_eye(console: Console) -> None:
    (line,) = answer(console, "getpos")
    assert line == "setpos 132.000000 0.000000 72.060000;setang 2.000000 0.000000 0.000000"


def test_demo_info_and_status_tell_the_tick(console: Console) -> None:
    assert answer(console, "demo_info") == ["Demo match.dem: at tick 33 of 640, playing"]
    assert "demo     : match.dem" in answer(console, "status")
    console.run("demo_pause", 0.5)
    assert answer(console, "demo_info") == ["Demo match.dem: at tick 33 of 640, paused"]


def test_gototick_knows_relative_and_pause(console: Console) -> None:
    assert answer(console, "demo_gototick 64 1 1") == ["Demo skipping from tick 33 to tick 97..."]
    console.playback.advance(9.0)
    assert answer(console, "demo_info") == ["Demo match.dem: at tick 97 of 640, paused"]


def test_playdemo_drops_the_socket_and_loads(console: Console, tmp_path: Path) -> None:
    (tmp_path / "a b.dem").write_bytes(b"x")
    outcome = console.run('playdemo "a b"', 1.0)
    assert outcome.actions == [Drop(), Load(tmp_path / "a b.dem", "a b.dem")]
    assert answer(console, "playdemo nowhere") == ["Couldn't open demo file nowhere.dem."]
    assert console.playback.demo_name == "a b.dem"


def test_a_picture_shows_the_moment_of_the_command(console: Console) -> None:
    (shot,) = console.run("jpeg target 80", 0.5).actions
    assert isinstance(shot, Shot)
    assert (shot.file_name, shot.tick, shot.slot, shot.quality) == ("target.jpg", 33, 0, 80)


@pytest.mark.parametrize("name", ["../out", "/etc/passwd", "a/b", "..", "", "a\\b", "x" * 200])
def test_a_picture_never_leaves_its_folder(console: Console, name: str) -> None:
    outcome = console.run(f'jpeg "{name}"', 0.5)
    assert outcome.actions == []
    assert outcome.lines[0].startswith("Couldn't write")


def test_a_movie_is_numbered_frames(console: Console) -> None:
    console.run("startmovie clip jpg", 0.5)
    names = [shot.file_name for shot in (console.movie_shot(), console.movie_shot()) if shot]
    assert names == ["clip0000.jpg", "clip0001.jpg"]
    assert answer(console, "endmovie") == ["Stopped recording movie, 2 frames written."]
    assert console.movie_shot() is None


def test_quit_ends_the_process(console: Console) -> None:
    assert console.run("quit", 0.5).actions == [Quit()]


WORDS = st.text(st.characters(blacklist_characters='";', blacklist_categories=("Cs", "Cc", "Z")), min_size=1).filter(
    lambda word: "//" not in word and not any(letter.isspace() for letter in word)
)


@given(st.lists(st.lists(WORDS, min_size=1), max_size=4))
def test_quoted_words_come_back_as_they_were(commands: list[list[str]]) -> None:
    line = ";".join(" ".join(f'"{word}"' for word in command) for command in commands)
    assert split_commands(line) == commands


@given(st.lists(st.lists(WORDS, min_size=1), max_size=4))
def test_bare_words_come_back_as_they_were(commands: list[list[str]]) -> None:
    assert split_commands(" ; ".join("  ".join(command) for command in commands)) == commands


COMMANDS = [
    *["demo_gototick", "demo_pause", "demo_resume", "demo_timescale", "demo_info", "spec_mode", "spec_player"],
    *["spec_autodirector", "getpos", "status", "jpeg", "startmovie", "endmovie", "hidehud", "echo", "playdemo"],
]
ARGUMENTS = st.one_of(st.text(max_size=20), st.integers().map(str), st.floats().map(str))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(COMMANDS), st.lists(ARGUMENTS, max_size=3)), max_size=12))
def test_no_line_breaks_the_console(lines: list[tuple[str, list[str]]]) -> None:
    game = Playback(Timing(load_seconds=0.0, skip_seconds=0.1), Faults())
    console, now = Console(game, Path("/nonexistent")), 0.0
    game.begin_loading("match.dem", now)
    game.loaded(walking(ticks=100))
    for command, arguments in lines:
        now += 0.3
        game.advance(now)
        outcome = console.run(f"{command} {' '.join(arguments)}", now)
        assert all("\n" not in line and "\r" not in line for line in outcome.lines) or command in ("echo", "jpeg")
    assert 1 <= game.tick <= 100
