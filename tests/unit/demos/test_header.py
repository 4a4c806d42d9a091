"""What is refused at the door, and with which words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.demos.parsing.reading import header
from apps.demos.parsing.reading.header import Rejected


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"PBDEMS2\x00abcd", "too short"),
        (b"HL2DEMO\x00" + bytes(100), "CS:GO"),
        (b"version https://git-lfs.github.com/spec/v1\n", "Git-LFS"),
        (b"PBDEMS3\x00" + bytes(100), "not a Counter-Strike 2 recording"),
        (b"hello, this is a text file renamed", "not a Counter-Strike 2 recording"),
    ],
)
def test_foreign_heads_are_refused(head: bytes, words: str) -> None:
    with pytest.raises(Rejected, match=words):
        header.check_head(head, len(head))


def test_a_recording_passes() -> None:
    header.check_head(header.MAGIC + bytes(500), 500_000)


@given(st.binary(max_size=600))
def test_only_the_magic_passes(head: bytes) -> None:
    refusal = ""
    try:
        header.check_head(head, len(head))
    except Rejected as error:
        refusal = str(error)
    assert bool(refusal) != head.startswith(header.MAGIC) or len(head) < header.HEADER_BYTES
    assert not refusal or refusal.endswith(".")


@pytest.mark.parametrize("directory", ["C:\\Steam\\game\\csgo", "/home/steam/cs2/game/csgo", "", None])
def test_counter_strike_by_its_directory(directory: str | None) -> None:
    header.check_game({"game_directory": directory})


@pytest.mark.parametrize(
    ("directory", "game"),
    [("C:\\Steam\\common\\Deadlock\\game\\citadel", "Deadlock"), ("/dota/game/dota", "Dota 2"), ("/x/hlvr", "hlvr")],
)
def test_other_games_are_named(directory: str, game: str) -> None:
    with pytest.raises(Rejected, match=game):
        header.check_game({"game_directory": directory})


def test_the_header_in_words() -> None:
    facts = {"map_name": "de_nuke", "client_name": "GOTV", "server_name": "Home"}
    assert header.describe(facts) == "de_nuke, recorded by “GOTV” on the server “Home”"
    assert header.describe({}) == "an unnamed map"
