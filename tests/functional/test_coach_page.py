"""The coach's page itself: by keyboard alone, on a phone, on a second monitor, for screen readers, and at rest while a
model writes."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.conftest import ROOT
from tests.functional.axe import serious_faults
from tests.functional.coach import CoachSite, ask, files, until
from tests.integration.coach.fake_server import VALID

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.skipif(not (ROOT / "static/build/coach_live.js").exists(), reason="run `npm run build` first"),
]
PARTS = ("verdict", "advice", "seen", "judged")
LONG = {
    "game_state": {**VALID["game_state"], "utility": ["Incendiary Grenade"] * 5, "place_name": "Bombsite B Tunnels"},
    "analysis": {**VALID["analysis"], "situation_summary": "They hold the site with two rifles and a flash. " * 9},
    "advice": {name: f"{text} " * 6 for name, text in VALID["advice"].items() if isinstance(text, str)},
}


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    return files(tmp_path, "green")[0]


def test_everything_by_keyboard(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = 0.01
    page = coach_site.open()
    page.on("filechooser", lambda chooser: chooser.set_files(frame))  # takes a moment until the browser asks it
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("m")  # inside the help keys mean nothing
    page.keyboard.press("Escape")
    expect(page.locator("body[data-second]")).to_have_count(0)
    page.locator("body").focus()
    page.keyboard.press("f")
    expect(page.locator("#frames li:not([data-empty])")).to_have_count(1)
    page.keyboard.press("t")
    page.keyboard.press("Escape")  # out of the text again
    page.keyboard.press("t")
    page.keyboard.type("m v s: only words here")
    page.keyboard.press("Enter")
    until(page, "streaming")
    page.keyboard.press("Escape")
    until(page, "cancelled")
    coach_site.first.pause_s = 0
    page.keyboard.press("Enter")
    until(page, "complete")
    page.keyboard.press("+")
    expect(page.locator("#answer [data-do=good]")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("c")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    form = page.get_by_role("form", name="Correct Phase")
    expect(form.get_by_label("Phase")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Correct Phase")).to_be_focused()
    page.keyboard.press("/")
    expect(page.get_by_label("Search questions")).to_be_focused()


def test_a_low_window_shows_what_is_typed(coach_site: CoachSite) -> None:
    page = coach_site.open()
    page.set_viewport_size({"width": 1366, "height": 650})
    page.keyboard.press("t")
    expect(page.locator("#context")).to_be_focused()
    text, row = (page.locator(name).bounding_box() for name in ("#context", ".ask-row"))
    assert text
    assert row
    assert text["y"] + text["height"] <= row["y"]


@pytest.mark.parametrize("width", [400, 1280, 1920])
def test_it_fits_holds_still_and_has_no_serious_fault(coach_site: CoachSite, frame: Path, width: int) -> None:
    page = coach_site.open(viewport={"width": width, "height": 900})
    assert serious_faults(page) == []
    page.locator("#share-more summary").click()
    assert serious_faults(page) == []
    page.locator("#share-more summary").click()
    coach_site.first.answer = json.dumps(LONG)
    coach_site.first.pause_s = 0.001
    page.set_input_files("#image", frame)
    before = [page.locator(f"#answer .{part}").bounding_box() for part in PARTS]
    page.evaluate("""() => {
      window.shifts = 0;
      new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) window.shifts += shift.value;
      }).observe({type: "layout-shift", buffered: false});
    }""")
    page.locator("#context").focus()
    page.keyboard.press("Enter")
    until(page, "complete")
    after = [page.locator(f"#answer .{part}").bounding_box() for part in PARTS]
    top = (after[0] or {})["y"] - (before[0] or {})["y"]  # on a phone the page scrolls to the answer
    assert [round((box or {})["y"] - top) for box in after] == [round((box or {})["y"]) for box in before]
    assert page.evaluate("window.shifts") < 0.05
    assert page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth") <= 0
    assert serious_faults(page) == []


def test_a_second_monitor_shows_only_the_answer(coach_site: CoachSite, frame: Path) -> None:
    page = coach_site.open(viewport={"width": 1920, "height": 1080})
    ask(page, frame)
    until(page, "complete")
    page.locator("h1").click()
    page.keyboard.press("m")
    expect(page.locator("#ask")).to_be_hidden()
    assert page.locator(".primary-action").evaluate("(line) => parseFloat(getComputedStyle(line).fontSize)") >= 60
    expect(page.locator(".callout")).to_be_in_viewport()
    expect(page.locator("#first-token")).to_be_visible()
    assert serious_faults(page) == []
    page.keyboard.press("Enter")  # asking goes on from here
    until(page, "complete")
    page.reload()
    expect(page.locator("#ask")).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("#ask")).to_be_visible()
    expect(page.get_by_text("Live help in competitive play breaks most leagues’ rules.")).to_be_visible()
