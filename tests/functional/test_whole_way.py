"""The whole way in a real browser: recording in, frames, labels, review, training, streamed advice out.

Everything is real: web, Redis, one worker per queue, the simulated client over TCP, TRL's trainers, the model server.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.functional.conftest import Site

SOON, LATER = 15_000, 120_000
ENOUGH_FRAMES = 6
SFT_STEPS = "150"  # enough for answers that pass the gate, so that GRPO has something to reward


@pytest.mark.takes_minutes
@pytest.mark.browser
def test_a_recording_becomes_advice(site: Site, page: Page, shared_data: Path) -> None:
    site.sign_in(page)
    _upload(site, page, shared_data / "demos" / "real" / "14160.dem")
    _replay(page)
    _capture(site, page)
    _review(site, page)
    _build_a_dataset(site, page)
    _first_see(page)
    _then_think(page)
    _evaluate(page)
    _ask_the_coach(site, page, shared_data / "hud" / "frames" / "0000.jpg")


def _upload(site: Site, page: Page, recording: Path) -> None:
    page.goto(site.url)
    expect(page.get_by_role("heading", name="No recordings yet")).to_be_visible()
    page.locator("#recordings").set_input_files(recording)
    expect(page.locator("table.recordings")).to_contain_text("Ready", timeout=60_000)
    row = page.locator("table.recordings tbody tr")
    expect(row).to_contain_text("de_dust2")
    expect(row.locator("td.rounds")).to_contain_text("in part")
    page.locator("table.recordings").get_by_role("link", name="14160.dem").click()
    expect(page.get_by_role("heading", name="14160.dem", exact=True)).to_be_visible()
    for name in ("Partridge", "Harvey", "Wesley"):
        expect(page.locator("main")).to_contain_text(name)
    expect(page.locator(".strip-round.partial")).to_have_count(1)


def _replay(page: Page) -> None:
    demo_page = page.url
    page.get_by_role("link", name="Replay").click()
    expect(page.locator(".mate")).to_have_count(10, timeout=SOON)
    before = page.locator("#map").screenshot()
    tick = page.locator("#replay").get_attribute("data-tick") or ""
    page.keyboard.press("Space")
    expect(page.locator("#replay")).not_to_have_attribute("data-tick", tick, timeout=SOON)
    page.locator("#scrub").focus()
    page.keyboard.press("End")
    assert page.locator("#map").screenshot() != before
    page.goto(demo_page)


def _capture(site: Site, page: Page) -> None:
    page.get_by_role("link", name="Capture", exact=True).click()
    page.get_by_label("Every … seconds").fill("0.4")
    expect(page.locator("#preview")).to_contain_text("frames", timeout=SOON)
    page.get_by_role("button", name="Capture these frames").click()
    expect(page.locator("article.job")).to_have_attribute("data-status", "succeeded", timeout=LATER)
    expect(page.locator("li.frame[data-status=failed]")).to_have_count(0)
    frames = page.locator("li.frame[data-status=verified] img")
    expect(frames.first).to_be_visible(timeout=SOON)
    assert frames.count() >= ENOUGH_FRAMES
    width = frames.first.evaluate(
        "async (image) => { image.loading = 'eager'; await image.decode(); return image.naturalWidth }"
    )
    assert width >= 200


def _review(site: Site, page: Page) -> None:
    page.get_by_role("link", name="Review these frames").click()
    facts = page.locator(".facts-column")
    expect(facts).to_contain_text("de_dust2")
    expect(page.locator("details.context pre")).not_to_be_empty()
    left = int(page.locator("#left").inner_text())
    page.wait_for_load_state("load")
    page.keyboard.press("r")
    page.keyboard.press("1")
    _settled(page, left - 1)
    page.keyboard.press("u")
    _settled(page, left)
    for remaining in range(left - 1, -1, -1):
        page.keyboard.press("a")
        _settled(page, remaining)
    expect(page.get_by_role("heading", name="All reviewed")).to_be_visible()


def _settled(page: Page, left: int) -> None:
    """Wait until the decision is stored: keys pressed before that are ignored on purpose."""
    expect(page.locator("#left")).to_have_text(str(left), timeout=SOON)
    expect(page.locator("#review")).to_have_attribute("aria-busy", "false", timeout=SOON)


def _build_a_dataset(site: Site, page: Page) -> None:
    page.get_by_role("link", name="Training").click()
    page.goto(f"{site.url}/admin/training/dataset/add/")
    page.get_by_role("button", name="Build dataset from accepted samples").click()
    page.get_by_role("link", name="Launch a run on this dataset").click(timeout=LATER)


def _first_see(page: Page) -> None:
    """SFT to its end: the loss is drawn while it runs, and a checkpoint is registered."""
    page.get_by_role("radio", name="SFT").check()
    page.locator("#id_sft-steps").fill(SFT_STEPS)
    page.get_by_role("button", name="Launch").click()
    run = page.locator("#run")
    expect(run).to_have_attribute("data-status", "running", timeout=LATER)
    expect(page.locator("figure[data-chart=Loss]")).to_be_visible(timeout=LATER)
    assert run.get_attribute("data-status") == "running", "the curve came only after the run"
    expect(run).to_have_attribute("data-status", "succeeded", timeout=3 * LATER)  # 150 steps, beside other tests
    page.locator("[data-part=checkpoints] a").first.click()


def _then_think(page: Page) -> None:
    """GRPO from that checkpoint with the default reward, stopped by the button once the reward is drawn."""
    page.get_by_role("link", name="Train on from here").click()
    expect(page.get_by_role("radio", name="GRPO")).to_be_checked()
    expect(page.locator("#id_preset")).to_have_value("d013-matrix")
    page.locator("#id_grpo-steps").fill("500")
    page.get_by_role("button", name="Launch").click()
    run = page.locator("#run")
    expect(page.locator("figure[data-chart=Reward]")).to_be_visible(timeout=LATER)
    expect(page.locator("[data-part=completions]")).not_to_be_empty(timeout=LATER)
    page.get_by_role("button", name="Stop and keep a checkpoint").click()
    expect(run).to_have_attribute("data-status", "stopped", timeout=LATER)
    expect(page.locator("[data-part=checkpoints] a")).to_have_count(1)


def _evaluate(page: Page) -> None:
    page.get_by_role("button", name="Evaluate").click()
    table = page.locator("table:has(caption)")
    expect(table).to_be_visible(timeout=LATER)
    for field in ("player_health", "player_money", "alive_enemies"):
        expect(table).to_contain_text(field)
    # One match: every frame was trained on, and the page says so.
    expect(page.locator(".tr-warn")).to_contain_text("memory, not")


def _ask_the_coach(site: Site, page: Page, screenshot: Path) -> None:
    page.goto(f"{site.url}/coach/")
    expect(page.locator("#server")).to_have_attribute("data-state", "up", timeout=LATER)
    expect(page.get_by_text("reads the HUD and sees nothing else")).to_be_visible()  # nobody named another model
    page.locator("#image").set_input_files(screenshot)
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_have_attribute("data-status", "complete", timeout=LATER)
    expect(page.locator("#first-token")).not_to_be_empty()
    for field, shown in (("player_health", "100"), ("ammo_clip", "13"), ("round_clock", "0:03")):
        expect(page.locator(f'[data-field="game_state.{field}"]').first).to_have_text(shown)
    expect(page.locator('[data-field="advice.primary_action"]').first).not_to_be_empty()
    page.get_by_role("button", name="Ask").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.locator("#answer")).to_have_attribute("data-status", "cancelled", timeout=SOON)
