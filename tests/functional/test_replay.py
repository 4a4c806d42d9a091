"""The 2D replay in a real browser: keys, links to a moment, kills, radar levels, a phone."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from tests.functional.conftest import Site

pytestmark = pytest.mark.browser
SOON, IMPORTED = 15_000, 60_000
PHONE = {"width": 400, "height": 800}
Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def open_replay(site: Site, page: Page, shared_data: Path) -> Iterator[Callable[[str], None]]:
    """``open_replay("14155.dem")`` imports that recording and opens its replay; afterwards it is deleted again."""
    site.sign_in(page)
    added: list[str] = []

    def show(name: str) -> None:
        page.goto(site.url)
        page.locator("#recordings").set_input_files(shared_data / "demos" / "real" / name)
        expect(page.locator("table.recordings")).to_contain_text("Ready", timeout=IMPORTED)
        page.locator("table.recordings").get_by_role("link", name=name).click()
        added.append(page.url)
        page.get_by_role("link", name="Replay").click()
        _shown(page)

    yield show
    page.on("dialog", lambda dialog: dialog.accept())
    for address in added:
        page.goto(address)
        page.get_by_role("button", name="Delete").click()
        expect(page.get_by_text("were deleted")).to_be_visible()


def _shown(page: Page) -> None:
    expect(page.locator("#replay-message")).to_be_hidden(timeout=SOON)
    expect(page.locator("#scrub")).to_be_enabled()


def _change_pack(page: Page, change: Change) -> None:
    """From now on the page gets its pack changed: no short recording here has kills or a lower level."""

    def answer(route: Route) -> None:
        response = route.fetch()
        pack = response.json()
        change(pack)
        route.fulfill(response=response, body=json.dumps(pack))

    page.unroute("**/pack.json")
    page.route("**/pack.json", answer)
    page.reload()
    _shown(page)


def _tick(page: Page) -> int:
    return int(page.locator("#tick").inner_text())


def _overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _colour(page: Page) -> list[int]:
    """Red, green and blue near the upper left corner of what is drawn of a full image."""
    script = """canvas => {
      const ratio = devicePixelRatio, side = Math.min(canvas.width, canvas.height);
      const at = [(canvas.width - side) / 2 + 20 * ratio, (canvas.height - side) / 2 + 20 * ratio];
      return [...canvas.getContext('2d').getImageData(...at, 1, 1).data].slice(0, 3);
    }"""
    found: list[int] = page.locator("#map").evaluate(script)
    return found


def test_keys_and_a_link_to_a_moment(open_replay: Callable[[str], None], page: Page) -> None:
    open_replay("14155.dem")
    scrub = page.locator("#scrub")
    first, last = int(scrub.get_attribute("min") or 0), int(scrub.get_attribute("max") or 0)
    assert _tick(page) == first
    page.keyboard.press("ArrowRight")
    assert _tick(page) == min(first + 128, last)
    page.keyboard.press(".")
    after = _tick(page)
    assert min(first + 128, last) <= after <= min(first + 136, last)
    page.keyboard.press(",")
    assert _tick(page) <= after
    page.keyboard.press("ArrowLeft")
    assert _tick(page) < after
    scrub.focus()
    page.keyboard.press("End")
    assert _tick(page) == last

    middle = (first + last) // 2
    address = page.url.split("?")[0]
    page.goto(f"{address}?t={middle}")
    _shown(page)
    assert _tick(page) == middle
    page.keyboard.press(".")
    page.get_by_role("button", name="Copy link").click()
    expect(page).to_have_url(f"{address}?t={_tick(page)}")
    page.goto(f"{address}?t=99999999")
    _shown(page)
    assert _tick(page) == last
    page.goto(f"{address}?t=nonsense")
    _shown(page)
    assert _tick(page) == first

    page.keyboard.press("Space")
    expect(page.locator("#tick")).not_to_have_text(str(first), timeout=SOON)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()


def test_watching_a_player(open_replay: Callable[[str], None], page: Page) -> None:
    open_replay("14155.dem")
    before = page.locator("#map").screenshot()
    name = page.locator("#players button").first
    name.focus()
    page.keyboard.press("Enter")
    expect(name).to_have_attribute("aria-pressed", "true")
    page.locator("h1").hover()
    assert page.locator("#map").screenshot() != before
    page.keyboard.press("Enter")
    expect(name).to_have_attribute("aria-pressed", "false")
    assert page.locator("#map").screenshot() == before


def test_kills_are_marked_on_the_bar(open_replay: Callable[[str], None], page: Page) -> None:
    open_replay("14155.dem")
    expect(page.locator("#marks")).to_be_hidden()
    kill = {"attacker_name": "Ann", "victim_name": "<b>Bo</b>", "victim_side": "T", "weapon": "ak47", "headshot": True}

    def add_kills(pack: dict[str, Any]) -> None:
        ticks = pack["ticks"]
        pack["kills"] = [{**kill, "tick": ticks[len(ticks) // 2]}, {"tick": ticks[-1], "victim_name": "Cy"}]

    _change_pack(page, add_kills)
    marks = page.get_by_role("list", name="Kills").get_by_role("button")
    expect(marks).to_have_count(2)
    expect(marks.first).to_have_accessible_name("Go to: 0:01 Ann killed <b>Bo</b> (ak47, headshot)")
    expect(marks.last).to_have_accessible_name(re.compile(r"^Go to: 0:0\d Cy died$"))
    marks.last.focus()
    page.keyboard.press("Enter")
    assert _tick(page) == int(page.locator("#scrub").get_attribute("max") or 0)
    bar, mark = page.locator("#scrub").bounding_box(), marks.last.bounding_box()
    assert bar is not None
    assert mark is not None
    assert mark["x"] + mark["width"] <= bar["x"] + bar["width"]
    assert mark["y"] < bar["y"] + bar["height"]


def test_radar_and_its_levels(open_replay: Callable[[str], None], page: Page, site: Site) -> None:
    maps = site.home / "maps"
    maps.mkdir(exist_ok=True)
    Image.new("RGB", (64, 64), "red").save(maps / "de_nuke.png")
    Image.new("RGB", (64, 64), "lime").save(maps / "de_nuke_lower.png")
    open_replay("14065.dem")
    level = page.get_by_label("Level of the map")
    expect(level.locator("option:checked")).to_have_text("Auto: upper level")
    red, green, blue = _colour(page)
    assert red > 90 > green + blue
    page.keyboard.press("l")
    page.keyboard.press("l")
    expect(level).to_have_value("lower")
    red, green, blue = _colour(page)
    assert green > 90 > red + blue
    page.keyboard.press("l")
    expect(level).to_have_value("")

    def move_down(pack: dict[str, Any]) -> None:
        pack["z"] = [[None if z is None else -600 for z in one] for one in pack["z"]]

    _change_pack(page, move_down)
    expect(level.locator("option:checked")).to_have_text("Auto: lower level")
    assert _colour(page)[1] > 90

    (maps / "de_nuke.png").write_bytes((maps / "de_nuke.png").read_bytes()[:40])  # a PNG by its head only
    _change_pack(page, lambda pack: pack)
    expect(level).to_be_hidden()
    expect(page.locator("#players button")).not_to_have_count(0)
    assert max(_colour(page)) < 60
    for image in maps.glob("*.png"):
        image.unlink()


def test_on_a_phone(open_replay: Callable[[str], None], page: Page) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    open_replay("14155.dem")
    assert not _overflows(page)
    panel = page.locator("aside.panel")
    assert panel.evaluate("element => element.scrollWidth <= element.clientWidth")
    for control in ("#play", "#scrub", "#speed", "#link"):
        box = page.locator(control).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]


def test_a_plan_is_deleted_only_when_one_says_so(open_replay: Callable[[str], None], page: Page) -> None:
    open_replay("14155.dem")
    page.get_by_role("link", name="Capture", exact=True).click()
    wide = page.viewport_size
    page.set_viewport_size(PHONE)
    assert not _overflows(page)
    assert wide is not None
    page.set_viewport_size(wide)
    page.get_by_label("At most").fill("1")
    page.get_by_role("button", name="Capture these frames").click()
    expect(page.locator(".job")).to_have_attribute("data-status", "succeeded", timeout=IMPORTED)
    delete, questions = page.get_by_role("button", name="Delete"), []
    page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    delete.click()
    assert questions == ["Delete this plan with its frames, their labels and reviews?"]
    expect(delete).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    delete.click()
    expect(page.get_by_text("was deleted, with 1 frame.")).to_be_visible()
