"""``manage.py read_hud``: a line for each file, whatever is wrong with some, in a process of its own."""

import io
import json
import os
import struct
import subprocess
import sys
import zlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from apps.captures.hud.readings import FIELDS, MARKER
from apps.simulation.hudsamples.write import sample
from apps.training.trainers.hud.read import MALFORMED
from tests.conftest import ROOT
from tests.tiny import copy_tiny_model


def run(*arguments: object, folder: Path = ROOT, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "chimera_site.settings",
        "DATABASE_URL": "sqlite:////nowhere/at/all.sqlite3",  # nothing of the web app is needed
        "REDIS_URL": "redis://127.0.0.1:1/0",
        **more,
    }
    command = [sys.executable, str(ROOT / "manage.py"), "read_hud", *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=900
    )


def whole(line: dict[str, Any]) -> bool:
    """Whether a line is a reading, whatever is read; random weights may write none."""
    return list(line) == ["file", *FIELDS]


def _png(width: int, height: int, depth: int = 8, colour: int = 2, data: bytes = b"") -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")


def _saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


PLAIN = Image.new("RGB", (320, 180), (40, 90, 120))
TURNED = b"Exif\0\0MM\0*\0\0\0\x08\0\1\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"
GOOD = {
    "plain.jpg": _saved(PLAIN, "JPEG"),
    "alpha.png": _saved(PLAIN.convert("RGBA"), "PNG"),
    "sixteen.png": _saved(Image.new("I;16", (320, 180), 40000), "PNG"),
    "palette.png": _saved(PLAIN.convert("P"), "PNG"),
    "cmyk.jpg": _saved(PLAIN.convert("CMYK"), "JPEG"),
    "moving.webp": _saved(PLAIN, "WEBP", save_all=True, append_images=[Image.new("RGB", (320, 180))]),
    "turned.jpg": _saved(PLAIN.rotate(90, expand=True), "JPEG", exif=TURNED),
}  # fmt: skip
BAD = {
    "empty.png": (b"", "empty"),
    "one.png": (_saved(Image.new("RGB", (1, 1)), "PNG"), "1×1"),
    "thin.png": (_saved(Image.new("RGB", (12800, 64)), "PNG"), "long and thin"),
    "bomb.png": (_png(60000, 60000), "million pixels"),
    "cut.jpg": (_saved(PLAIN, "JPEG")[:700], "damaged or cut off"),
    "broken.png": (_png(320, 180, data=b"\0" * 99), "damaged or cut off"),
    "page.png": (b"<html><img src='file:///etc/passwd'></html>", "not an image"),
    "note.png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image"),
    "paper.png": (b"%PDF-1.7\n", "not an image"),
}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder that says it learnt to read HUDs; it did not, but what it writes is spelled like a reading."""
    folder = tmp_path_factory.mktemp("reader") / "model"
    copy_tiny_model(folder, tmp_path_factory)
    (folder / MARKER).write_text("{}")
    return folder


def test_every_file_gets_its_line_whatever_is_wrong_with_others(reader: Path, tmp_path: Path) -> None:
    """Names of files need not be text; one run for all, since loading the libraries takes most of it."""
    for name, data in (GOOD | {name: data for name, (data, _) in BAD.items()}).items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    wrong = {name: sentence for name, (_, sentence) in BAD.items()} | {
        "folder": "It is a folder", "pipe.png": "It is no file", "none.png": "There is no such file",
    }  # fmt: skip
    odd = {"\udcff\udcfe.jpg": "\ufffd\ufffd.jpg", "-x.jpg": "-x.jpg", "früh \u202egpj.jpg": "früh \u202egpj.jpg"}
    for name in odd:
        (tmp_path / name).write_bytes(GOOD["plain.jpg"])
    names = [*wrong, *GOOD, "plain.jpg", "./plain.jpg"]
    done = run("--json", "--model", reader, "--", *names, *odd, folder=tmp_path)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["file"] for line in lines] == [*names, *odd.values()]
    for line in lines:
        assert whole(line) or wrong.get(line["file"], MALFORMED) in line["error"]
        assert not (whole(line) and line["file"] in wrong)
    assert done.returncode == 1
    assert f"{sum('error' in line for line in lines)} of {len(lines)} files could not be read." in done.stderr
    assert "Traceback" not in done.stderr


def test_without_a_model_it_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="There is no model folder at"):
        call_command("read_hud", "shot.png", model=tmp_path / "none", stdout=StringIO())
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(CommandError, match="only Qwen3-VL"):
        call_command("read_hud", "shot.png", model=tmp_path, stdout=StringIO())
    (tmp_path / "config.json").write_text('{"model_type": "qwen3_vl"}')
    (tmp_path / "modeling.py").write_text("raise SystemExit")
    with pytest.raises(CommandError, match="can run code"):
        call_command("read_hud", "shot.png", model=tmp_path, stdout=StringIO())


def test_a_model_that_never_learnt_to_read_is_not_asked(tiny_model: Path) -> None:
    with pytest.raises(CommandError, match="did not learn to read HUDs"):
        call_command("read_hud", "shot.png", model=tiny_model, stdout=StringIO())


def test_a_model_that_cannot_be_loaded_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / MARKER).write_text("{}")
    (tmp_path / "config.json").write_text('{"model_type": "qwen3_vl"}')
    (tmp_path / "model.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    (tmp_path / "shot.png").write_bytes(GOOD["plain.jpg"])
    done = run("--json", "--model", tmp_path, tmp_path / "shot.png")
    assert json.loads(done.stdout)["error"].startswith("The reader ended before")
    assert done.returncode == 1
    assert "cannot be loaded" in done.stderr or "is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_embedded_model_reads_a_simulated_frame(tmp_path: Path) -> None:
    """With the weights of the repository: the names are those of labelled frames."""
    (folder,) = (path.parent for path in (ROOT / "apps").rglob(MARKER))
    ground = [Image.radial_gradient("L").convert("RGB").resize((1920, 1080))]
    truth = {}
    for number in range(8):
        whole, line, _ = sample(number, 5, ground)
        whole.save(tmp_path / f"{number}.jpg", quality=92)
        truth[f"{number}.jpg"] = line
    paths = sorted(tmp_path.iterdir())
    done = run("--json", "--model", folder, *paths)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [list(line) for line in lines] == [["file", *FIELDS]] * len(paths)
    right = [line[name] == truth[Path(line["file"]).name][name] for line in lines for name in FIELDS]
    assert sum(right) >= 0.8 * len(right)
    said = run("--model", folder, paths[0]).stdout
    assert said.startswith(f"{paths[0]}: ")
