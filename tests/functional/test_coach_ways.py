"""Each way in: choosing, dropping, pasting, a shared window, a moment of a recording; and the order of the frames."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.functional.coach import SOON, CoachSite, colours_sent, files, picture, until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.skipif(not (ROOT / "static/build/coach_live.js").exists(), reason="run `npm run build` first"),
]
HAND_OVER = """([way, base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "shot.png", {type: "image/png"}));
  const event = way === "paste"
    ? new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true})
    : new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true});
  document.body.dispatchEvent(event);
}"""
# A window to share, painted by the test.
WINDOW = """
navigator.mediaDevices.getDisplayMedia = async () => {
  const canvas = Object.assign(document.createElement("canvas"), {width: 640, height: 360});
  const brush = canvas.getContext("2d");
  window.paint = (colour) => { brush.fillStyle = window.colour = colour; brush.fillRect(0, 0, 640, 360); };
  window.paint("rgb(150,40,40)");
  setInterval(() => window.paint(window.colour), 40);
  return window.shared = canvas.captureStream(25);
};
"""


def hand_over(page: Page, way: str, colour: str) -> None:
    page.evaluate(HAND_OVER, [way, base64.b64encode(picture(colour)).decode()])


def filled(page: Page, count: int) -> None:
    expect(page.locator("#frames li:not([data-empty])")).to_have_count(count)


def test_choose_drop_and_paste_then_order_by_keys(coach_site: CoachSite, tmp_path: Path) -> None:
    page = coach_site.open()
    page.set_input_files("#image", files(tmp_path, "red"))
    hand_over(page, "drop", "green")
    hand_over(page, "paste", "blue")
    filled(page, 3)
    page.locator("#ask-button").click()
    until(page, "complete")
    assert colours_sent(coach_site.first) == ["red", "green", "blue"]

    page.locator("#frames [data-do=thumb]").nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#frames-said")).to_contain_text("frame 1 of 3")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Delete")
    filled(page, 2)
    page.locator("#context").focus()
    page.keyboard.press("Enter")
    until(page, "complete")
    assert colours_sent(coach_site.first) == ["red", "green"]

    hand_over(page, "paste", "blue")  # after a question a new frame begins the next one
    filled(page, 1)
    page.set_input_files("#image", files(tmp_path, "red", "green", "blue"))
    filled(page, 3)
    expect(page.locator("#ask-error")).to_contain_text("oldest one made room")
    hand_over(page, "paste", "red")
    filled(page, 3)


def test_four_files_and_no_picture_are_said_so(coach_site: CoachSite, tmp_path: Path) -> None:
    page = coach_site.open()
    fourth = tmp_path / "fourth.png"
    fourth.write_bytes(picture("red"))
    page.set_input_files("#image", [*files(tmp_path, "red", "green", "blue"), fourth])
    filled(page, 3)
    expect(page.locator("#ask-error")).to_contain_text("the first three of the 4")
    text = tmp_path / "notes.txt"
    text.write_text("no picture")
    page.set_input_files("#image", text)
    expect(page.locator("#ask-error")).to_contain_text("not a JPEG, PNG or WebP")
    filled(page, 3)
    torn = tmp_path / "torn.png"
    torn.write_text("no picture either")
    page.set_input_files("#image", torn)
    expect(page.locator("#ask-error")).to_contain_text("cannot be read as a picture")
    filled(page, 2)


def test_a_shared_window_on_a_key(coach_site: CoachSite) -> None:
    page = coach_site.open(script=WINDOW)
    page.locator("#share-more summary").click()
    page.get_by_label("Send along").select_option("1")
    page.get_by_role("button", name="Key that takes a frame").click()
    page.keyboard.press("g")
    expect(page.locator("#take-shown")).to_have_text("G")
    page.locator("h1").click()
    page.keyboard.press("w")
    expect(page.locator("#share")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#share-said")).to_have_text("Shared.")
    page.wait_for_function("document.getElementById('screen').videoWidth > 0")
    page.keyboard.press("g")
    until(page, "complete")
    assert colours_sent(coach_site.first) == ["red"]
    _paint(page, "rgb(40,60,160)")
    page.keyboard.press("g")
    expect(page.locator("#history a")).to_have_count(2, timeout=SOON)
    assert colours_sent(coach_site.first) == ["red", "blue"]
    page.keyboard.press("w")
    expect(page.locator("#share-said")).to_contain_text("Not shared any more")
    assert page.evaluate("window.shared.getTracks().every((track) => track.readyState === 'ended')")


def test_the_browsers_own_sharing(coach_site: CoachSite) -> None:
    """Another tab, really shared: Chromium was told which one to choose."""
    page = coach_site.open()
    coach_site.tab(page.context, "/jobs/")
    page.bring_to_front()
    page.locator("#share").click()
    expect(page.locator("#share-said")).to_have_text("Shared.", timeout=SOON)
    page.wait_for_function("document.getElementById('screen').videoWidth > 0")
    page.keyboard.press("Space")
    until(page, "complete")
    filled(page, 1)
    page.get_by_role("button", name="Stop sharing").click()
    expect(page.locator("#take")).to_be_disabled()


def test_a_shared_window_by_itself_only_when_the_picture_changed(coach_site: CoachSite) -> None:
    page = coach_site.open(script=WINDOW)
    page.locator("#share-more summary").click()
    page.get_by_label("When").select_option("clock")
    page.get_by_label("Look every").fill("1")
    page.get_by_label("Look every").blur()
    page.locator("#share").click()
    until(page, "complete")
    expect(page.locator("#share-said")).to_have_text("The picture has not changed.", timeout=SOON)
    assert len(coach_site.first.requests) == 1
    _paint(page, "rgb(40,140,60)")
    expect(page.locator("#history a")).to_have_count(2, timeout=SOON)
    assert len(coach_site.first.requests) == 2
    assert colours_sent(coach_site.first) == ["green"]


def _paint(page: Page, colour: str) -> None:
    """Paint the shared window and wait until its picture has arrived in the page."""
    page.evaluate(
        """async (colour) => {
          window.paint(colour);
          const video = document.getElementById("screen");
          for (let i = 0; i < 5; i++) await new Promise((next) => video.requestVideoFrameCallback(next));
        }""",
        colour,
    )


class TestFromAMoment:
    @pytest.fixture
    def before_browser(self, transactional_db: None) -> Callable[[], None]:
        from apps.demos.models import Demo, DemoStatus, Player, Round

        def write() -> None:
            demo = Demo.objects.create(
                sha256="ab" * 32, size=1, original_name="final.dem", map_name="de_quay", status=DemoStatus.READY
            )
            ticks = {"start_tick": 200, "freeze_end_tick": 264, "end_tick": 3800}
            Round.objects.create(demo=demo, ordinal=1, number=7, **ticks)
            Player.objects.create(demo=demo, slot=4, name="s1mple", first_side="CT", roster=0)
            self.demo_id = demo.pk

        return write

    def test_the_page_shows_it_and_leads_back(self, coach_site: CoachSite, tmp_path: Path) -> None:
        path = f"/coach/?demo={self.demo_id}&tick=904&slot=4&context=de_quay%2C+round+7"
        page = coach_site.open(path=path)
        expect(page.locator("#context")).to_have_value("de_quay, round 7")
        link = page.locator("#moment a")
        expect(link).to_have_text(re.compile("final.dem, .*, 0:10 in, s1mple’s view"))
        assert f"/demos/{self.demo_id}/" in (link.get_attribute("href") or "")
        assert "round=7&t=10.0&slot=4" in (link.get_attribute("href") or "")
        page.set_input_files("#image", files(tmp_path, "red"))
        page.locator("#ask-button").click()
        until(page, "complete")
        page.locator("#history a").first.click()
        expect(page.locator(".moment a")).to_have_text(re.compile("final.dem"))
        page.get_by_role("link", name="Ask again").click()
        filled(page, 1)
        expect(page.locator("#context")).to_have_value("de_quay, round 7")
        expect(page.locator("#moment a")).to_be_visible()
