"""Uploads in a real browser: cut off, the page reloaded, and resumed; many files, folders, archives, a phone."""

import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from apps.simulation.demofile.writer import WriteOptions, write_demo
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from tests.functional.conftest import Site
from tests.functional.line import Line, line_to

pytestmark = pytest.mark.browser
SOON, IMPORTED = 60_000, 90_000
SLOW = 1_500_000  # bytes a second
MB = 1024 * 1024


@pytest.fixture(scope="session")
def match(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recording of a short match and some ten megabytes."""
    path = tmp_path_factory.mktemp("match") / "short match.dem"
    truth = simulate_match(4242, MatchOptions(max_rounds=2, freeze_s=3.0, overtime=False))
    write_demo(truth, path, WriteOptions(filler_bytes=700))
    return path


@pytest.fixture
def line(site: Site) -> Iterator[Line]:
    with line_to(site.url) as line:
        yield line


@pytest.fixture
def library(site: Site, line: Line, page: Page) -> Iterator[Page]:
    """The library over a line that may be slow or break; what was uploaded is deleted afterwards."""
    replace(site, url=line.url).sign_in(page)
    page.on("dialog", lambda dialog: dialog.accept())
    before = _recordings(page)  # of tests before, which may have planned captures from them
    yield page
    line.rate = 0
    line.mend()
    page.goto(line.url)
    for address in _recordings(page) - before:
        page.goto(f"{line.url}{address}")
        page.locator("form[action$='/delete/']:not([action*=recording]) button").first.click()
        expect(page.get_by_text("were deleted")).to_be_visible()


def _recordings(page: Page) -> set[str]:
    links = page.locator("table.recordings .name a").all()
    return {address for link in links if (address := link.get_attribute("href"))}


def row(page: Page, name: str) -> Any:
    return page.locator("#upload-rows > li").filter(has=page.locator(".upload-name", has_text=name))


def percent(page: Page, name: str) -> int:
    found = re.match(r"(\d+) %", row(page, name).locator(".number").first.inner_text())
    return int(found.group(1)) if found else 0


@pytest.fixture
def until_stored(site: Site, wait_for: Callable[..., Any]) -> Callable[[int], None]:
    """``until_stored(bytes)``: so much of an upload lies on the server's disk; the browser counts what is under way."""

    def wait(least: int) -> None:
        folder = site.home / "uploads"
        wait_for(lambda: any(path.stat().st_size >= least for path in folder.glob("*.part")))

    return wait


def test_interrupted_and_resumed(
    library: Page, line: Line, site: Site, match: Path, until_stored: Callable[[int], None]
) -> None:
    page = library
    sent: list[int] = []

    def note(request: Request) -> None:
        if request.method == "PATCH":
            sent.append(int(request.headers["upload-offset"]))

    page.on("request", note)
    line.rate = SLOW
    page.locator("#recordings").set_input_files(match)
    until_stored(MB)

    line.cut()
    expect(row(page, match.name)).to_contain_text("No connection", timeout=SOON)
    with page.expect_request(lambda request: request.method == "PATCH", timeout=SOON):
        line.mend()
    assert sent[-1] > 0, "it went on where it stopped"
    until_stored(3 * MB)

    page.reload()
    expect(row(page, match.name)).to_contain_text("Choose the same file again", timeout=SOON)
    assert percent(page, match.name) >= 10, "and so it is known to this page"
    before = len(sent)
    page.locator("#recordings").set_input_files(match)
    row(page, match.name).get_by_role("button", name="Pause").click()
    expect(row(page, match.name)).to_contain_text("Paused")
    row(page, match.name).get_by_role("button", name="Resume").click()
    line.rate = 0
    expect(row(page, match.name)).to_have_attribute("data-state", "over", timeout=IMPORTED)
    assert sent[before] > 0, "after the reload too"
    expect(page.locator("#upload-rows > li")).to_have_count(1)
    expect(row(page, match.name).locator("[data-outcome]")).to_have_attribute("data-outcome", re.compile("^imported"))
    digest = hashlib.sha256(match.read_bytes()).hexdigest()
    kept = site.home / "artefacts" / "recordings" / f"{digest}.dem"
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == digest
    assert not list((site.home / "uploads").iterdir())


def test_many_files_an_archive_and_a_refusal(library: Page, match: Path, tmp_path: Path) -> None:
    page = library
    archive, folder = tmp_path / "all of it.zip", tmp_path / "folder"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.write(match, "deep/inside.dem")
        file.writestr("deep/empty.dem", b"")
        file.writestr("readme.txt", b"nothing to see")
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "old.dem").write_bytes(b"HL2DEMO\0".ljust(900, b"\0"))
    (folder / "notes.txt").write_text("passed over")
    page.locator("#recordings").set_input_files([match, archive])
    page.locator("#folder").set_input_files(folder)
    expect(page.locator("#upload-rows > li")).to_have_count(3)
    for name in (match.name, archive.name, "old.dem"):
        expect(row(page, name)).to_have_attribute("data-state", "over", timeout=IMPORTED)
    expect(row(page, "old.dem")).to_contain_text("CS:GO")
    inside = row(page, archive.name)
    expect(inside.locator("[data-outcome=rejected]")).to_contain_text("is empty")
    outcomes = [
        row(page, match.name).locator("[data-outcome]").get_attribute("data-outcome"),
        inside.locator("li", has_text="inside.dem").get_attribute("data-outcome"),
    ]
    assert "duplicate_of" in outcomes, outcomes
    expect(page.locator("#uploads-summary")).to_have_text("3 of 3 uploaded, 2 rejected.")
    page.set_viewport_size({"width": 400, "height": 800})
    too_wide = """[...document.querySelectorAll('.uploading *')]
      .filter(one => one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML.slice(0, 100))"""
    assert page.evaluate(too_wide) == []
    page.get_by_role("button", name="Clear finished").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#uploads")).to_be_hidden()


def test_discarding_what_nobody_goes_on_with(
    library: Page, line: Line, site: Site, tmp_path: Path, until_stored: Callable[[int], None]
) -> None:
    page = library
    large = tmp_path / "large.dem"
    large.write_bytes(b"PBDEMS2\0".ljust(9_000_000, b"x"))
    line.rate = SLOW
    page.locator("#recordings").set_input_files(large)
    until_stored(MB)
    page.reload()
    line.rate = 0
    with page.expect_response(lambda answer: answer.request.method == "DELETE" and answer.status == 204):
        row(page, large.name).get_by_role("button", name="Discard").click()
    expect(page.locator("#uploads")).to_be_hidden()
    page.reload()
    expect(page.locator("#uploads")).to_be_hidden()
    assert not list((site.home / "uploads").iterdir())
