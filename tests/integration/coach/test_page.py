"""The live page in a real browser: a frame in, cards filling, cancelling, and what it says when things go wrong."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.conftest import ROOT
from tests.integration.coach.fake_server import VALID, FakeModelServer
from tests.web import Web

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: install Debian's `chromium` or set CHROMIUM"),
    pytest.mark.skipif(
        not (ROOT / "static/build/coach_live.js").exists(), reason="the front end is not built: run `npm run build`"
    ),
]
ACTION = VALID["advice"]["primary_action"]
PASTE = """async ([base64]) => {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], "shot.jpg", {type: "image/jpeg"}));
  document.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture
def frame(tmp_path: Path, jpeg: bytes) -> Path:
    path = tmp_path / "frame.jpg"
    path.write_bytes(jpeg)
    return path


@pytest.fixture
def coach(web: Web, signed_in: Any) -> Iterator[Page]:
    """The live page, signed in."""
    cookie = {"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": web.url}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([cookie])  # type: ignore[list-item]
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{web.url}/coach/")
        expect(page.locator("#server")).to_have_attribute("data-state", "up", timeout=30_000)
        yield page
        browser.close()
    assert errors == []


def status(page: Page) -> Any:
    return expect(page.locator("#answer"))


def test_cards_fill_while_the_model_writes(coach: Page, fake_server: FakeModelServer, frame: Path) -> None:
    fake_server.pause_s = 0.01
    coach.set_input_files("#image", frame)
    coach.keyboard.press("Tab")
    coach.locator("#context").fill("Round 3")
    coach.keyboard.press("Enter")
    expect(coach.locator("[data-field='game_state.map_name']")).to_have_text("de_dust2", timeout=20_000)
    status(coach).to_have_attribute("data-status", "streaming")
    assert coach.locator("[data-field='advice.primary_action']").inner_text() != ACTION
    status(coach).to_have_attribute("data-status", "complete", timeout=30_000)
    expect(coach.locator("[data-field='advice.primary_action']")).to_have_text(ACTION)
    expect(coach.locator("[data-field='game_state.site']")).to_have_text("not visible")
    expect(coach.locator("[data-list='analysis.immediate_threats'] li")).to_have_count(2)
    expect(coach.locator("#first-token")).to_contain_text("s")
    expect(coach.locator("#problems")).to_be_hidden()
    expect(coach.locator("#history a")).to_have_count(1)
    coach.locator("#history a").click()
    expect(coach.locator("[data-field='advice.primary_action']")).to_have_text(ACTION)


def test_an_invalid_answer_is_shown_as_such_and_never_as_markup(
    coach: Page, fake_server: FakeModelServer, frame: Path
) -> None:
    fake_server.answer = '{"advice": {"primary_action": "<img src=x onerror=alert(1)>"}} and so on'
    coach.set_input_files("#image", frame)
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "invalid", timeout=20_000)
    expect(coach.locator("#badge")).to_have_text("The model’s answer is not valid")
    expect(coach.locator("#problem-list li")).to_have_count(1)
    expect(coach.locator("#raw-text")).to_be_visible()
    expect(coach.locator("#raw-text")).to_have_text(fake_server.answer)
    expect(coach.locator("[data-field='advice.primary_action']")).to_have_text("<img src=x onerror=alert(1)>")
    expect(coach.locator("#answer img")).to_have_count(0)


def test_escape_cancels_and_the_server_hears_of_it(coach: Page, fake_server: FakeModelServer, frame: Path) -> None:
    fake_server.pause_s = 0.05
    coach.set_input_files("#image", frame)
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "streaming", timeout=20_000)
    coach.keyboard.press("Escape")
    status(coach).to_have_attribute("data-status", "cancelled", timeout=5_000)
    assert fake_server.disconnected.wait(1)
    expect(coach.locator("#ask-button")).to_be_enabled()


def test_leaving_the_page_aborts_the_answer(coach: Page, web: Web, fake_server: FakeModelServer, frame: Path) -> None:
    fake_server.pause_s = 0.05
    coach.set_input_files("#image", frame)
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "streaming", timeout=20_000)
    coach.goto(f"{web.url}/jobs/")
    assert fake_server.disconnected.wait(5)


def test_a_stopped_model_server_is_said_so_and_comes_back_by_itself(
    coach: Page, fake_server: FakeModelServer, frame: Path
) -> None:
    fake_server.stop()
    coach.set_input_files("#image", frame)
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "failed", timeout=20_000)
    expect(coach.locator("#sentence")).to_contain_text("No model server answers")
    expect(coach.locator("#server")).to_have_attribute("data-state", "away", timeout=10_000)
    fake_server.start()
    expect(coach.locator("#server")).to_have_attribute("data-state", "up", timeout=15_000)
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "complete", timeout=20_000)


def test_pasting_works_and_what_is_no_frame_is_refused(
    coach: Page, fake_server: FakeModelServer, frame: Path, tmp_path: Path, jpeg: bytes
) -> None:
    coach.locator("#ask-button").click()
    expect(coach.locator("#ask-error")).to_contain_text("screenshot first")
    fake = tmp_path / "frame.png"
    fake.write_text("<svg onload=alert(1)>")
    coach.set_input_files("#image", fake)
    expect(coach.locator("#ask-error")).to_contain_text("cannot be read as a picture")
    Image.new("RGB", (640, 360)).save(fake, "GIF")  # which a browser shows under any name
    coach.set_input_files("#image", fake)
    expect(coach.locator("#preview")).to_be_visible()
    coach.locator("#ask-button").click()
    expect(coach.locator("#ask-error")).to_contain_text("not an image")
    import base64

    coach.evaluate(PASTE, [base64.b64encode(jpeg).decode()])
    expect(coach.locator("#preview")).to_be_visible()
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "complete", timeout=20_000)


def test_nothing_moves_while_the_cards_fill(coach: Page, fake_server: FakeModelServer, frame: Path) -> None:
    fake_server.pause_s = 0.005
    coach.set_input_files("#image", frame)
    tops = [coach.locator(card).bounding_box() for card in (".advice", ".seen", ".judged", "#raw")]
    coach.locator("#ask-button").click()
    status(coach).to_have_attribute("data-status", "complete", timeout=30_000)
    assert [coach.locator(card).bounding_box() for card in (".advice", ".seen", ".judged", "#raw")] == tops


@pytest.mark.parametrize("width", [400, 1280, 1920])
def test_it_fits_the_screen(coach: Page, width: int) -> None:
    coach.set_viewport_size({"width": width, "height": 900})
    wide = coach.locator("html").evaluate("html => html.scrollWidth - html.clientWidth")
    assert wide <= 0
