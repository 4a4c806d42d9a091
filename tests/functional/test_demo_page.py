"""A recording's page in a real browser: sorting by keyboard, excluding and restoring rounds, accessibility."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.functional.axe import serious_faults
from tests.functional.conftest import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def match_page(site: Site, page: Page, tmp_path: Path) -> Page:
    """The page of a forged match with a warm-up, a knife round and two rounds that count."""
    from apps.simulation.demofile.writer import write_demo
    from tests.integration.simulation.forging.twenty import forged

    recording = tmp_path / "forged-15.dem"
    write_demo(forged(15), recording)
    answer = subprocess.run(
        [sys.executable, "manage.py", "import_demos", str(recording), "--json"],
        cwd=ROOT,
        env={**os.environ, "CHIMERA_HOME": str(site.home)},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    site.sign_in(page)
    page.goto(f"{site.url}/demos/{json.loads(answer.stdout.splitlines()[-1])['id']}/")
    return page


def column(page: Page, label: str) -> list[float]:
    """What stands in a column of the first team's scoreboard, as sorted."""
    table = page.locator("table.sortable").first
    heads = table.locator("thead th").all_inner_texts()
    place = next(number for number, text in enumerate(heads) if text.strip() == label)
    cells = table.locator("tbody:not([hidden]) tr").locator(f"> :nth-child({place + 1})")
    return [float(cell.get_attribute("data-value") or "nan") for cell in cells.all()]


def kills(page: Page) -> float:
    return sum(column(page, "K"))


def test_sorting_deciding_and_accessibility(match_page: Page) -> None:
    page = match_page
    assert serious_faults(page) == []

    head = page.get_by_role("columnheader", name="ADR").first
    head.get_by_role("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(page, "ADR") == sorted(column(page, "ADR"), reverse=True)
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert column(page, "ADR") == sorted(column(page, "ADR"))

    both = kills(page)
    page.get_by_text("CT", exact=True).and_(page.locator(".switch span")).click()
    assert kills(page) < both
    assert column(page, "ADR") == sorted(column(page, "ADR"))  # the header says so, so the shown numbers are
    page.get_by_text("Both sides").click()

    rounds = page.locator("#rounds")
    page.get_by_role("link", name="Round 1 ·").focus()
    expect(page.locator("#round-detail")).to_contain_text("score before 0–0")
    result = page.locator(".result").inner_text()
    rounds.get_by_text("Exclude a round…").click()
    rounds.get_by_label("Why does it not count?").fill("the server lagged")
    rounds.get_by_role("button", name="Exclude this round").click()
    expect(rounds.get_by_text("The round does not count any more.")).to_be_visible()
    expect(rounds.get_by_text("(was round 1)")).to_be_visible()
    assert page.locator(".result").inner_text() != result
    assert kills(page) < both
    assert serious_faults(page) == []

    left_out = rounds.locator("li", has_text="Excluded by hand")
    left_out.get_by_text("Restore…").click()
    left_out.get_by_label("Why does it count?").fill("it was played to its end")
    left_out.get_by_role("button", name="Restore this round").click()
    expect(page.get_by_text("The round counts again.")).to_be_visible()
    assert page.locator(".result").inner_text() == result
    assert kills(page) == both
    rounds.get_by_text("Decisions so far (2)").click()
    expect(rounds.get_by_text("the server lagged")).to_be_visible()

    form = page.locator("#describe")
    form.get_by_label("Tags").fill("x" * 60)
    form.get_by_label("Event").fill("y" * 200)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("2 fields below need another look")).to_be_visible()
    expect(form.get_by_label("Event")).to_have_attribute("aria-invalid", "true")
    assert serious_faults(page) == []
    form.get_by_label("Tags").fill("")
    form.get_by_label("Event").fill("")
    form.get_by_label("Team that began as CT").fill("Renamed")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_text("The description was saved.")).to_be_visible()
    expect(page.locator(".result")).to_contain_text("Renamed")

    page.get_by_role("button", name="Import again").click()
    expect(page.locator("#import .job").or_(page.locator(".table-wrap.board")).first).to_be_visible()
    expect(page.locator("#import[data-shown=old]")).to_have_count(0, timeout=60_000)
    expect(page.locator(".table-wrap.board").first).to_be_visible()
    expect(page.locator(".result")).to_contain_text("Renamed")

    page.set_viewport_size({"width": 400, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 400
