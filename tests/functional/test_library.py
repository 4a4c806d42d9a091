"""The library in a real browser: search, filters, keys, many at once, a phone, and the page that documents the API."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.functional.axe import serious_faults
from tests.functional.conftest import Site

pytestmark = pytest.mark.browser
MAKE = "from apps.demos.benchmarks.library import fill; fill(60)"
CLEAR = """
from apps.demos.models import Demo, Event, Tag, Team
Demo.objects.filter(sha256__startswith=40 * "0").delete()
Team.objects.filter(appearances=None).delete()
for model in (Event, Tag): model.objects.filter(demos=None).delete()
"""


def _on_the_site(site: Site, code: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("REDIS_URL", "DATABASE_URL")}
    subprocess.run(
        [sys.executable, "manage.py", "shell", "-c", code],
        cwd=ROOT,
        env={**environment, "CHIMERA_HOME": str(site.home)},
        check=True,
        stdout=subprocess.DEVNULL,
    )


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    expect.set_options(timeout=20_000)
    yield
    expect.set_options(timeout=5_000)


@pytest.fixture
def library(site: Site, page: Page) -> Iterator[Page]:
    """The library with 60 recordings beside those of tests before."""
    _on_the_site(site, MAKE)
    foreign: list[str] = []
    page.on("request", lambda request: foreign.append(request.url) if not _own(site, request.url) else None)
    site.sign_in(page)
    yield page
    _on_the_site(site, CLEAR)
    assert foreign == []


def _own(site: Site, address: str) -> bool:
    return address.startswith((site.url, "data:", "blob:", site.url.replace("http", "ws")))


def _rows(page: Page) -> int:
    return page.locator("table.recordings tbody tr").count()


def test_search_filters_keys_and_many_at_once(library: Page, site: Site) -> None:
    page = library
    count = page.locator("#library-list h2 .number")
    expect(count).to_have_text(re.compile("[6-9][0-9]"))
    everything = count.inner_text()
    page.keyboard.press("/")
    page.keyboard.type("nuke")
    expect(page).to_have_url(f"{site.url}/?q=nuke")
    expect(count).not_to_have_text(everything)
    by_words = int(count.inner_text())
    page.locator("details.more summary").click()
    page.get_by_label("Platform").select_option("faceit")
    expect(page).to_have_url(f"{site.url}/?q=nuke&platform=faceit")
    expect(page.get_by_role("list", name="Filters in force").get_by_role("link")).to_have_count(3)
    heat = page.get_by_role("link", name="Heat map of these")
    expect(heat).to_have_attribute("href", "/heatmaps/?q=nuke&platform=faceit")
    page.go_back()
    expect(page).to_have_url(f"{site.url}/?q=nuke")
    expect(page.locator("#q")).to_have_value("nuke")
    expect(count).to_have_text(str(by_words))
    expect(page.get_by_label("Platform")).to_have_value("")
    expect(heat).to_have_attribute("href", "/heatmaps/?q=nuke")

    page.get_by_role("link", name="Remove the filter Words nuke").click()
    expect(count).to_have_text(everything)
    page.wait_for_load_state("networkidle")
    for keys, ticked in ((("j", "x"), "1 recording ticked"), (("j", "ArrowDown", "x"), "2 recordings ticked")):
        for key in keys:
            page.keyboard.press(key)
        expect(page.locator("#bulk-count")).to_have_text(ticked)
    assert page.locator("#library-list tr:has(input:checked)").count() == 2
    page.evaluate("document.querySelector('#library-list').dispatchEvent(new CustomEvent('changed'))")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#library-list input[name=demo]:checked")).to_have_count(2)

    page.get_by_label("Tag or event").fill("Grand final")
    page.get_by_role("button", name="Add tag").click()
    expect(page.get_by_text("2 recordings tagged “Grand final”.")).to_be_visible()
    page.locator("a.tag", has_text="grand final").first.click()
    expect(count).to_have_text("2")
    page.locator(".tick-all").check()
    page.get_by_label("What to do").select_option("delete")
    expect(page.get_by_label("Tag or event")).to_be_hidden()
    page.get_by_role("button", name="Delete with all data").click()
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    page.get_by_role("button", name="Delete with all data").click()
    expect(page.get_by_text("2 recordings deleted")).to_be_visible()
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    page.get_by_role("link", name="Show all recordings").click()
    expect(count).to_have_text(str(int(everything) - 2))
    page.wait_for_load_state()  # the list is read before the script that hears keys has run
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/demos/\d+/$"))


def test_nothing_serious_for_screen_readers_and_a_phone_has_no_sideways_scrolling(library: Page, site: Site) -> None:
    page = library
    for address in ("/?q=de&state=warnings", "/?group=team", "/?q=nothing-like-this", "/account/"):
        page.goto(f"{site.url}{address}")
        assert serious_faults(page) == [], address
    page.set_viewport_size({"width": 400, "height": 800})
    page.goto(f"{site.url}/?q=de")
    page.locator("#library-list input[name=demo]").first.check()
    assert serious_faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(f"{site.url}/?group=player")
    page.locator(".group summary").first.click()
    expect(page.locator(".group details[open] table.recordings tbody tr").first).to_be_visible()


def test_the_page_of_the_api_works_under_the_sites_own_rules(library: Page, site: Site) -> None:
    page = library
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{site.url}/api/docs")
    page.locator("summary", has_text="/api/demos/{demo_id}/tables/{name}").click()
    expect(page.get_by_text("names, parted by commas; all where none is named")).to_be_visible()
    assert serious_faults(page) == []
    page.get_by_role("link", name="Try it here").click()
    operation = page.locator("#operations-Recordings-apps_demos_api_demos_demos")
    operation.locator("button").first.click()
    operation.get_by_role("button", name="Execute").click()
    expect(operation.locator(".live-responses-table .response .response-col_status")).to_contain_text("200")
    assert complaints == []
