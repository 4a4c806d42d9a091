"""The commands that need neither game nor page: a match, a record, a picture."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from apps.simulation.truth.files import load_truth
from tests.unit.simulation.records.made_up import record


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matches") / "deeper" / "m.dem"
    call_command("simulate_match", seed=7, output=path, rounds=2, kind="knife,odd_names", stdout=io.StringIO())
    return path


def test_a_match_and_its_truth_lie_beside_each_other(made: Path) -> None:
    truth = load_truth(made)
    assert truth.seed == 7
    assert "knife" in set(truth.tables["rounds"]["not_counted"])
    assert sorted(path.name for path in made.parent.iterdir()) == ["m.dem", "m.truth.json", "m.truth.parquet"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"kind": "nonsense"}, "nonsense"),
        ({"rounds": -1}, "round"),
        ({"rounds": 0}, "round"),
        ({"rounds": 1_000_000}, "2 to 60 rounds"),
        ({"rounds": 2, "filler": -1}, "filler"),
        ({"rounds": 2, "filler": 10**8}, "filler"),
    ],
)
def test_what_cannot_be_made_leaves_nothing(
    tmp_path: Path, options: dict[str, object], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("simulate_match", seed=7, output=tmp_path / "m.dem", stdout=io.StringIO(), **options)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_filler_makes_a_match_as_large_as_a_server_does(made: Path, tmp_path: Path) -> None:
    call_command(
        "simulate_match", seed=7, output=tmp_path / "m.dem", rounds=2, kind="knife,odd_names", filler=700,
        stdout=io.StringIO(),
    )  # fmt: skip
    assert (tmp_path / "m.dem").stat().st_size > 4 * made.stat().st_size
    assert load_truth(tmp_path / "m.dem").events == load_truth(made).events


def test_a_picture_of_any_player(made: Path, tmp_path: Path) -> None:
    output = tmp_path / "f.jpg"
    call_command("render_frame", made, tick=900, player="3", output=output, size="1920x1080", stdout=io.StringIO())
    with Image.open(output) as image:
        assert (image.format, image.size) == ("JPEG", (1920, 1080))
    with pytest.raises(CommandError, match="does not exist at tick 900; there are"):
        call_command("render_frame", made, tick=900, player="nobody", output=tmp_path / "g.jpg")
    with pytest.raises(CommandError, match="There is no tick 99999999"):
        call_command("render_frame", made, tick=99_999_999, player="3", output=tmp_path / "g.jpg")
    with pytest.raises(CommandError, match="No picture"):
        call_command("render_frame", output, tick=900, player="3", output=tmp_path / "g.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["f.jpg"]


def test_a_record_becomes_a_recording(tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(record()))
    call_command("replay_record", facts, output=tmp_path / "r.dem", stdout=io.StringIO())
    assert load_truth(tmp_path / "r.dem").tables["rounds"].height
    facts.write_text("{")
    with pytest.raises(CommandError, match="cannot be replayed"):
        call_command("replay_record", facts, output=tmp_path / "s.dem")
    assert not (tmp_path / "s.dem").exists()
