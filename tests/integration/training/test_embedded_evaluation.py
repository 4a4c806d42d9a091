"""What was measured of the embedded model: its file, its page, its model card."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from PIL import Image
from safetensors.numpy import save_file

from apps.captures.hud.readings import FIELDS, MARKER
from apps.training.trainers.hud.evaluation import BadEvaluation, read_evaluation
from apps.training.trainers.hud.labels import Labelled
from apps.training.trainers.hud.measure import evaluation, measure
from apps.training.trainers.hud.read import Read

TRUTH: dict[str, Any] = {
    "clock": "1:14", "score_left": 6, "score_right": 4, "alive_left": 4, "alive_right": 2, "money": 3250,
    "place": "Long A", "health": 87, "armor": 100, "helmet": True, "clip": None, "reserve": None, "weapon": "Knife",
    "hud_color": "blue", "phase": "live",
}  # fmt: skip


class Handmade:
    """Reads every picture alike, but writes nonsense of the last."""

    def read(self, tiles: list[Image.Image]) -> list[Read]:
        some: Read = TRUTH | {"money": 3260, "clip": 3}, 1.0
        return [some] * (len(tiles) - 1) + [(None, 1.0)]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """A model folder that was measured on three frames."""
    frames = tmp_path / "frames"
    frames.mkdir()
    model = tmp_path / "model"
    model.mkdir()
    settings.EMBEDDED_MODEL_DIR = model
    settings.HUD_FRAMES = [str(frames)]
    labelled = []
    for number in range(3):
        Image.new("RGB", (1280, 720), (20, 40 * number, 90)).save(frames / f"{number:04d}.jpg")
        labelled.append(Labelled(frames / f"{number:04d}.jpg", TRUTH, None, {}, real=True, held_out=True))
    save_file({"a": np.zeros((10, 20), np.float32), "b": np.zeros(5, np.float32)}, model / "model.safetensors")
    (model / MARKER).write_text(json.dumps({"stage": "read", "steps": 1200, "spent_s": 600}))
    told = measure(Handmade(), labelled, (1920, 1080), given=True)  # type: ignore[arg-type]
    file = evaluation(model, {"real, <b>": told}, {"real, <b>": (1920, 1080)})
    (model / "evaluation.json").write_text(json.dumps(file))
    return model


@pytest.fixture
def researcher(client: Client, make_user: Any) -> Any:
    user = make_user("researcher")
    client.force_login(user)
    return user


PAGE = "admin:training_evaluation_embedded"


def test_figures_are_counted_field_by_field(folder: Path) -> None:
    found = read_evaluation(folder)
    assert found is not None
    (one,) = found.sets
    assert (one.kind, one.frames, one.malformed, one.size) == ("real", 3, 1, (1920, 1080))
    assert (one.shown["health"], one.shown["money"], one.shown["clip"], one.absent["clip"]) == (
        (2, 3),
        (0, 3),
        (0, 0),
        (0, 3),
    )
    assert one.whole == (2 * 12, 3 * 13)
    assert one.apart == {"health other than 100": (2, 3)}
    assert one.sizes == {"801 to 1100 lines": (24, 39)}
    assert list(one.failures()) == ["0002.jpg", "0000.jpg", "0001.jpg"], "worst first"
    assert set(one.shown) == set(FIELDS)


@pytest.mark.django_db
def test_the_page_shows_figures_and_failures(client: Client, researcher: Any, folder: Path) -> None:
    listed = client.get(reverse("admin:training_evaluation_changelist")).content.decode()
    assert reverse(PAGE) in listed
    page = client.get(reverse(PAGE)).content.decode()
    text = " ".join(page.split())
    assert "61.5 %" in text
    assert "real, &lt;b&gt;: 3 frames, 1 malformed" in text
    assert "health other than 100" in text
    assert "<span>money</span> <del>3260</del> <ins>3250</ins>" in text
    assert "are not those that were measured" not in text
    assert str(folder.parent) not in page
    (folder / "model.safetensors").write_bytes(b"others")
    assert "are not those that were measured" in " ".join(client.get(reverse(PAGE)).content.decode().split())


@pytest.mark.django_db
def test_without_figures_it_says_how_to_measure(client: Client, researcher: Any, settings: Any, tmp_path: Path) -> None:
    settings.EMBEDDED_MODEL_DIR = tmp_path / "none"
    assert "Nothing was measured of this model yet" in client.get(reverse(PAGE)).content.decode()


@pytest.mark.parametrize(
    "damaged",
    ["", "[]", '{"sets": 3}', "[" * 100_000, '{"made": 1, "weights": 2, "sets": [{"fields": {}}]}', '{"sets": NaN}'],
)
@pytest.mark.django_db
def test_a_damaged_file_is_a_sentence(client: Client, researcher: Any, folder: Path, damaged: str) -> None:
    (folder / "evaluation.json").write_text(damaged)
    with pytest.raises(BadEvaluation, match="damaged or of another kind"):
        read_evaluation(folder)
    answer = client.get(reverse(PAGE))
    assert answer.status_code == 200
    assert "damaged or of another kind" in answer.content.decode()
    assert client.get(reverse("training:embedded-tile", args=[0, "0002.jpg"])).status_code == 404


@pytest.mark.django_db
def test_failures_are_shown_as_the_model_saw_them(client: Client, researcher: Any, folder: Path) -> None:
    answer = client.get(reverse("training:embedded-tile", args=[0, "0002.jpg"]))
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG")


@pytest.mark.django_db
def test_only_frames_that_an_evaluation_names_are_shown(client: Client, researcher: Any, folder: Path) -> None:
    secret = folder.parent / "frames" / "secret.jpg"
    Image.new("RGB", (640, 360)).save(secret)
    for number, file in ((0, "secret.jpg"), (7, "0002.jpg"), (0, "none.jpg")):
        assert client.get(reverse("training:embedded-tile", args=[number, file])).status_code == 404


def test_the_model_card_tells_figures_and_training(folder: Path) -> None:
    call_command("model_card", model=folder)
    card = (folder / "README.md").read_text()
    for text in (
        "0.0 million parameters",
        "| money | 0.0% of 3 |",
        "Stage “read”: 1200 steps in 10 minutes",
        "money 3",
    ):
        assert text in card
    (folder / "evaluation.json").unlink()
    with pytest.raises(CommandError, match="Nothing was measured"):
        call_command("model_card", model=folder)


@pytest.mark.django_db
def test_where_the_frames_are_not_here_the_page_says_so(
    client: Client, researcher: Any, folder: Path, settings: Any, tmp_path: Path
) -> None:
    said = "not on this machine; where they are, name their folder in <code>HUD_FRAMES</code>"
    assert said not in client.get(reverse(PAGE)).content.decode()
    settings.HUD_FRAMES = [str(tmp_path)]
    assert said in client.get(reverse(PAGE)).content.decode()
