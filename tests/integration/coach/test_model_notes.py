"""What the page says of the embedded model: what is true of the folder that is served, and nothing of other models."""

import re
from pathlib import Path
from typing import Any

import pytest

from apps.captures.hud.readings import MARKER

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(tmp_path: Path, settings: Any) -> Path:
    """The folder that `manage.py up` serves, beside a large model of somebody else."""
    settings.EMBEDDED_MODEL_DIR = tmp_path
    settings.SMALL_MODEL_SERVED = True
    settings.MODEL_SERVER_URL = "http://127.0.0.1:9/v1"
    settings.MODEL_SERVERS = [
        {"alias": "embedded", "kind": "embedded"},
        {"alias": "large", "url": "http://gpu:8000/v1"},
        {"alias": "theirs", "kind": "embedded", "url": "http://elsewhere:8000/v1"},
    ]
    return tmp_path


@pytest.mark.parametrize(
    ("file", "said"),
    [(MARKER, "reads the HUD"), ("config.json", "")],
)
def test_the_page_says_what_the_embedded_model_is(served: Path, signed_in: Any, file: str, said: str) -> None:
    (served / file).write_text("{}")
    page = signed_in.get("/coach/").content.decode()
    notes = dict(re.findall(r'<option value="([^"]*)"[^>]*data-note="([^"]*)"', page))
    assert notes.keys() == {"", "embedded", "large", "theirs"}
    assert (notes["large"], notes["theirs"]) == ("", "")
    for alias in ("", "embedded"):  # "any" asks it first
        assert said in notes[alias]
        assert bool(notes[alias]) == bool(said)


def test_nothing_is_said_of_a_server_somebody_else_runs(served: Path, signed_in: Any, settings: Any) -> None:
    (served / MARKER).write_text("{}")
    settings.SMALL_MODEL_SERVED = False
    assert "reads the HUD" not in signed_in.get("/coach/").content.decode()
