"""When the front end is built again, and when its packages are installed again."""

import json
from pathlib import Path

import pytest

from apps.core.launch import frontend, node
from apps.core.launch.problem import LaunchProblem

LOCK = {
    "": {"name": "chimera"},
    "node_modules/htmx.org": {"version": "2.0.8"},
    "node_modules/@esbuild/aix": {"version": "0.28.2", "optional": True},
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "static/src").mkdir(parents=True)
    (tmp_path / "static/src/app.ts").write_text("export const one = 1;")
    (tmp_path / "build.mjs").write_text("")
    return tmp_path


def lock(path: Path, packages: dict[str, dict[str, object]]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"packages": packages}))


def test_the_digest_follows_content_and_names(root: Path) -> None:
    first = frontend.digest_of_sources(root)
    assert frontend.digest_of_sources(root) == first
    (root / "static/src/app.ts").write_text("export const one = 2;")
    second = frontend.digest_of_sources(root)
    (root / "static/src/app.ts").rename(root / "static/src/other.ts")
    assert len({first, second, frontend.digest_of_sources(root)}) == 3


def test_packages_for_other_systems_need_not_be_there(root: Path) -> None:
    lock(root / "package-lock.json", LOCK)
    assert not frontend.packages_match(root)
    installed = {name: entry for name, entry in LOCK.items() if name == "node_modules/htmx.org"}
    lock(root / "node_modules/.package-lock.json", installed)
    assert frontend.packages_match(root)


@pytest.mark.parametrize(
    "installed",
    [
        {"node_modules/htmx.org": {"version": "2.0.7"}},
        {"node_modules/@esbuild/aix": {"version": "0.28.2"}},
        {"node_modules/htmx.org": {"version": "2.0.8"}, "node_modules/left": {"version": "1.0.0"}},
    ],
    ids=["other version", "missing", "left over"],
)
def test_anything_else_is_installed_anew(root: Path, installed: dict[str, dict[str, object]]) -> None:
    lock(root / "package-lock.json", LOCK)
    lock(root / "node_modules/.package-lock.json", installed)
    assert not frontend.packages_match(root)


def test_a_failing_build_says_why_and_keeps_the_old_one(root: Path) -> None:
    lock(root / "package-lock.json", {})
    lock(root / "node_modules/.package-lock.json", {})
    (root / "static/build").mkdir()
    (root / "static/build/app.js").write_text("old")
    (root / "build.mjs").write_text("throw new Error('no such file: app.ts')")
    with pytest.raises(LaunchProblem, match=r"(?s)The front end was not built; .*no such file: app\.ts"):
        frontend.build(root)
    assert (root / "static/build/app.js").read_text() == "old"


def test_without_node_and_uv_the_sentence_names_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("UV", raising=False)
    with pytest.raises(LaunchProblem, match="Node 20 or newer with npm, or uv"):
        node.prefix()


@pytest.mark.parametrize("version", ["v18.20.0", "not a version", ""])
def test_an_old_or_strange_node_is_passed_over_for_the_wheel(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, version: str
) -> None:
    for name, said in (("node", version), ("npm", "10"), ("uv", "uv 0")):
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\necho '{said}'\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("UV", raising=False)
    assert node.prefix()[:2] == [str(tmp_path / "uv"), "run"]
