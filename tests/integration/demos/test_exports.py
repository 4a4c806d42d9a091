"""What is taken away: JSON, CSV, Parquet, and the rounds of cs2-demo-viewer."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from apps.core.models import User
from apps.demos.models import Demo
from apps.demos.selectors.exporting import stem
from tests.integration.demos.matches import made_match, put_events

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore:StreamingHttpResponse must consume")]
BAD = '../ evil\u202e=cmd\n"x".DEM.gz'


@pytest.fixture
def demo(viewer: User) -> Demo:
    """A match without its recording's file."""
    row = made_match(3, name=BAD, notes="+1")
    put_events(row)
    return row


def taken(client: Client, demo: Demo, kind: str) -> bytes:
    answer = client.get(f"/demos/{demo.pk}/export/{kind}/")
    assert answer.status_code == 200
    disposition = answer["Content-Disposition"]
    assert disposition.startswith("attachment; filename=")
    assert not set("\n\r/\\\u202e") & set(disposition)
    return b"".join(answer)


def archive(data: bytes) -> zipfile.ZipFile:
    found = zipfile.ZipFile(io.BytesIO(data))
    assert found.testzip() is None
    assert all(not name.startswith(("/", ".")) for name in found.namelist())
    return found


def refuse(word: str) -> Any:
    raise AssertionError(f"{word} is not JSON")


def test_json_holds_everything(client: Client, demo: Demo) -> None:
    found = json.loads(taken(client, demo, "json"), parse_constant=refuse)
    assert (found["format"], found["version"]) == ("chimera-match", 1)
    assert [row["number"] for row in found["rounds"]] == [None, 1, 2, 3]
    assert [team["score"] for team in found["teams"]] == [2, 1]
    assert found["players"][0]["steamid"] == "76561198000000000"
    assert found["players"][0]["statistics"]["sides"]["CT"]["kills"] == 10
    assert found["events"]["kills"][0]["nan"] is None
    assert found["events"]["smokes"] is None
    assert len(found["player_rounds"]) == 40


def test_csv_holds_no_formula(client: Client, demo: Demo) -> None:
    found = archive(taken(client, demo, "csv"))
    tables = {name: list(csv.DictReader(io.StringIO(found.read(name).decode()))) for name in found.namelist()}
    assert tables["kills.csv"][0]["attacker_name"] == "'=HYPERLINK(1)"
    assert tables["demo.csv"][0]["notes"] == "'+1"
    assert tables["players.csv"][0]["ct_kills"] == "10"
    assert len(tables["rounds.csv"]) == 4
    assert "player_states.csv" not in tables


def test_parquet_holds_all_tables(client: Client, demo: Demo) -> None:
    found = archive(taken(client, demo, "parquet"))
    tables = {name: pl.read_parquet(found.read(name)) for name in found.namelist()}
    assert tables["player_states.parquet"].height == 40
    assert tables["kills.parquet"]["attacker_name"][0] == "=HYPERLINK(1)"
    assert tables["rounds.parquet"]["number"].to_list() == [None, 1, 2, 3]


def shape(value: Any) -> Any:
    """The keys and kinds of a JSON value; of a list, those of its first item."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def lacks(ours: Any, example: Any, at: str = "") -> list[str]:
    """What of the example's shape is missing or of another kind in ours; a null may be either."""
    if isinstance(example, dict) and isinstance(ours, dict):
        return [
            line
            for key in example
            for line in (lacks(ours[key], example[key], f"{at}.{key}") if key in ours else [f"{at}.{key}"])
        ]
    if isinstance(example, list) and isinstance(ours, list):
        return lacks(ours[0], example[0], f"{at}[]") if example and ours else []
    return [] if ours == example or "NoneType" in (ours, example) else [f"{at}: {ours}, not {example}"]


def test_viewer_rounds(client: Client, demo: Demo) -> None:
    found = archive(taken(client, demo, "viewer"))
    base = stem(BAD)
    assert sorted(found.namelist()) == sorted(
        ["index.json", f"{base}/meta.json", *(f"{base}/round_0{number}.json" for number in (1, 2, 3))]
    )
    one = json.loads(found.read(f"{base}/round_01.json"))
    assert (one["winner"], one["reason"], one["bomb_site"], one["bomb_plant_tick"]) == (
        "ct",
        "t_killed",
        "bombsite_b",
        1300,
    )
    assert [frame["tick"] for frame in one["frames"]] == list(range(1000, 1640, 64))
    assert one["frames"][0]["players"] == [
        {"name": "Player 0", "side": "CT", "alive": True, "hp": 100, "x": 1.0, "y": 2.0, "z": 3.0, "yaw": 45.0}
    ]
    meta = json.loads(found.read(f"{base}/meta.json"))
    assert [row["reason"] for row in meta["rounds"]] == ["t_killed", "bomb_exploded", "t_killed"]
    assert (meta["kills"][0]["round_num"], meta["kills"][0]["attacker_side"]) == (1, "ct")
    assert meta["damages"][0]["dmg_health_real"] == 80
    assert meta["bomb"] == [{"tick": 1200, "round_num": 1, "event": "plant", "player_name": "Player 5", "site": "B"}]


def test_viewer_rounds_have_the_shape_of_a_real_example(client: Client, demo: Demo, shared_data: Path) -> None:
    example = shared_data / "matches" / "viewer_dust2"
    found = archive(taken(client, demo, "viewer"))
    for name in ("meta.json", "round_01.json"):
        ours, real = (
            shape(json.loads(text)) for text in (found.read(f"{stem(BAD)}/{name}"), (example / name).read_text())
        )
        assert lacks(ours, real, name) == []
        if name != "meta.json":
            assert ours.keys() == real.keys()


def test_what_is_not_there_is_not_exported(client: Client, demo: Demo) -> None:
    assert client.get(f"/demos/{demo.pk}/export/xml/").status_code == 404
    assert client.get("/demos/999/export/json/").status_code == 404
    Demo.objects.filter(pk=demo.pk).update(status="importing")
    assert client.get(f"/demos/{demo.pk}/export/json/").status_code == 404


def test_the_command(demo: Demo, tmp_path: Path) -> None:
    target = tmp_path / "match.json"
    call_command("export_demo", str(demo.pk), "--output", str(target))
    assert json.loads(target.read_text())["demo"]["round_count"] == 3
    with pytest.raises(CommandError, match="could not be written"):
        call_command("export_demo", str(demo.pk), "--output", str(tmp_path / "nowhere" / "match.json"))
    with pytest.raises(CommandError, match=r"name it match\.json"):
        call_command("export_demo", str(demo.pk), "--output", str(tmp_path / "match.zip"))
    assert not (tmp_path / "match.zip").exists()
    with pytest.raises(CommandError, match="no imported recording"):
        call_command("export_demo", "999")
    assert [path.name for path in tmp_path.iterdir()] == ["match.json"]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("a-vs-b.dem", "a-vs-b"),
        ("x.dem.gz", "x"),
        ("..", "match"),
        ("C:\\d\\ü 1.dem", "ü-1"),
        ("a" * 300, "a" * 100),
        ("", "match"),
    ],
)
def test_names_for_files(name: str, safe: str) -> None:
    assert stem(name) == safe
