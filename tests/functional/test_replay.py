"""The 2D viewer in a real browser: mouse, keys, links to a moment, levels, heat maps, a phone."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from apps.simulation.demofile.writer import write_demo
from apps.simulation.forging.forge import forge
from apps.simulation.match.options import MatchOptions
from tests.functional.axe import serious_faults
from tests.functional.conftest import Site

pytestmark = pytest.mark.browser
SOON, IMPORTED = 20_000, 90_000
PHONE, WIDE = {"width": 400, "height": 800}, {"width": 1280, "height": 800}
RATE = 64


@pytest.fixture(scope="module")
def context(site: Site, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BrowserContext]:
    """Somebody signed in, in whose library lies a forged match: a warm-up, then two rounds on a map of two levels."""
    recording = tmp_path_factory.mktemp("match") / "two levels.dem"
    options = MatchOptions(max_rounds=2, freeze_s=4.0, halftime_s=2.0, overtime=False)
    write_demo(forge(1, ["warmup"], map_name="de_stacks", options=options), recording)
    context = browser.new_context(viewport=WIDE, permissions=["clipboard-read", "clipboard-write"])  # type: ignore[arg-type]
    page = context.new_page()
    site.sign_in(page)
    page.locator("#recordings").set_input_files(recording)
    row = page.locator("table.recordings tr", has_text=recording.name)
    expect(row).to_contain_text("Ready", timeout=IMPORTED)
    page.close()
    yield context
    page = context.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(site.url)
    page.locator("table.recordings").get_by_role("link", name=recording.name).first.click()
    page.locator("form[action$='/delete/']:not([action*=recording]) button").first.click()
    expect(page.get_by_text("were deleted")).to_be_visible()
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page on which nothing may be complained of: no error, no refused script."""
    page = context.new_page()
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" or "Content Security Policy" in message.text:
            said.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert not [text for text in said if "damaged" not in text and "404" not in text], said


@pytest.fixture
def watch(site: Site, page: Page) -> Callable[[str], None]:
    """``watch("?round=2")`` opens the viewer of the recording there."""

    def show(query: str) -> None:
        page.goto(site.url)
        link = page.locator("table.recordings").get_by_role("link", name="two levels.dem").first
        page.goto(f"{site.url}{link.get_attribute('href')}replay/{query}")
        _shown(page)

    return show


def _shown(page: Page) -> None:
    expect(page.locator("#map-message")).to_be_hidden(timeout=SOON)
    expect(page.locator("#play")).to_be_enabled()
    expect(page.locator("#replay")).to_have_attribute("data-tick", re.compile(r"\d"))


def _tick(page: Page) -> int:
    return int(page.locator("#replay").get_attribute("data-tick") or 0)


def _end(page: Page) -> int:
    return int(page.locator("#scrub").get_attribute("max") or 0)


def _seconds(page: Page) -> float:
    found = re.match(r"(−?)(\d+):(\d\d)", page.locator("#time").inner_text())
    assert found
    return (-1 if found[1] else 1) * (60 * int(found[2]) + int(found[3]))


def _alive(page: Page) -> int:
    return sum(int(page.locator(total).inner_text().split()[0]) for total in ("#total-ct", "#total-t"))


def _overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def _colour(page: Page) -> tuple[int, int, int]:
    """Red, green and blue near the upper left corner of what is drawn of a full, square image."""
    image = Image.open(BytesIO(page.locator("#map").screenshot())).convert("RGB")
    side = min(image.size)
    found = image.getpixel(((image.width - side) // 2 + 48, (image.height - side) // 2 + 48))
    assert isinstance(found, tuple)
    return int(found[0]), int(found[1]), int(found[2])


def test_an_address_is_a_moment(watch: Callable[[str], None], page: Page) -> None:
    watch("?round=2&t=5.5")
    start = _tick(page) - round(5.5 * RATE)
    assert _seconds(page) == 5
    expect(page.locator("#rounds [aria-current]")).to_have_accessible_name(re.compile("^Round 2"))
    page.keyboard.press(".")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url
    tick = _tick(page)
    page.goto(copied)
    _shown(page)
    assert abs(_tick(page) - tick) <= RATE / 10
    watch("?round=2&t=-2")
    assert _tick(page) == start - 2 * RATE
    watch("?round=2&t=99999")
    assert _tick(page) == _end(page)
    watch("?round=99")
    expect(page.get_by_text("There is no round 99; this is round 1.")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?part=2&t="))
    watch("?round=nonsense&t=nonsense")
    expect(page.locator("#rounds [aria-current]")).to_have_accessible_name(re.compile("^Round 1"))
    page.locator("#rounds .uncounted").first.click()
    expect(page).to_have_url(re.compile(r"\?part=1&t="))
    expect(page.locator("h1")).to_contain_text("Not counted: warm-up")


def test_keys_and_rounds_without_a_page_load(watch: Callable[[str], None], page: Page) -> None:
    watch("?round=1&t=5")
    first = _tick(page)
    page.evaluate("window.stays = true")
    for key, seconds in (("ArrowRight", 2), ("Shift+ArrowRight", 10), ("ArrowLeft", -2), ("Shift+ArrowLeft", -10)):
        before = _tick(page)
        page.keyboard.press(key)
        assert _tick(page) == before + seconds * RATE
    page.keyboard.press(".")
    assert first < _tick(page) <= first + 8
    page.keyboard.press(",")
    assert first - 4 <= _tick(page) <= first + 4
    alive = _alive(page)
    page.keyboard.press("k")
    expect(page.locator("#feed li")).not_to_have_count(0)
    assert _alive(page) < alive  # whoever the feed says was killed is dead in the panels, too
    page.keyboard.press("]")
    expect(page.get_by_label("Speed")).to_have_value("2")
    before = _tick(page)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator("#replay")).not_to_have_attribute("data-tick", str(before), timeout=SOON)
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    page.keyboard.press("n")
    expect(page).to_have_url(re.compile(r"part=3"))
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"part=2"))
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("next kill")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("window.stays")


def test_scrubbing_by_mouse(watch: Callable[[str], None], page: Page) -> None:
    watch("?round=1")
    bar = page.locator("#scrub").bounding_box()
    assert bar is not None
    low, high = int(page.locator("#scrub").get_attribute("min") or 0), _end(page)
    middle = bar["y"] + bar["height"] / 2
    page.mouse.move(bar["x"] + bar["width"] * 0.25, middle)
    expect(page.locator("#hint")).to_have_text(re.compile(r"^−?\d+:\d\d$"))
    page.mouse.down()
    for share in (0.3, 0.5, 0.75):
        page.mouse.move(bar["x"] + bar["width"] * share, middle)
        assert abs((_tick(page) - low) / (high - low) - share) < 0.03
    page.mouse.up()
    marks = page.get_by_role("list", name="Kills and the bomb").get_by_role("button")
    expect(marks.first).to_have_accessible_name(re.compile(r"^Go to: −?\d+:\d\d .+ (killed|died|planted)"))
    marks.last.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#feed li")).not_to_have_count(0)


def test_players_panels_and_words(watch: Callable[[str], None], page: Page) -> None:
    watch("?round=1&t=8")
    expect(page.locator(".mate")).to_have_count(10)
    expect(page.locator("#mates-ct .mate")).to_have_count(5)
    expect(page.locator("#total-ct")).to_have_text(re.compile(r"^[0-5] alive · \$[\d,]+ in hand$"))
    before = page.locator("#map").screenshot()
    name = page.locator("#mates-t .mate").first
    page.keyboard.press("6")
    expect(name).to_have_attribute("aria-pressed", "true")
    assert page.locator("#map").screenshot() != before
    coach = page.locator("#coach")
    expect(coach).to_have_attribute("href", re.compile(r"tick=\d+&slot=\d+&context=de_stacks"))
    expect(page).to_have_url(re.compile(r"&slot=\d+"))
    page.reload()
    expect(name).to_have_attribute("aria-pressed", "true", timeout=SOON)
    page.keyboard.press("Escape")
    expect(coach).not_to_have_attribute("href", re.compile("slot"))
    expect(name).to_have_attribute("aria-pressed", "false")
    assert page.locator("#map").screenshot() == before
    for key in ("c", "+"):
        page.keyboard.press(key)
        after = page.locator("#map").screenshot()
        assert after != before
        before = after
    page.keyboard.press("d")
    expect(page.locator("#moment")).to_contain_text(
        re.compile(r"^de_stacks, round 1, 0–0 \(CT–T\), live.*CT: .* health")
    )
    words = page.locator("#moment").inner_text()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("#moment")).not_to_have_text(words)
    page.keyboard.press("n")
    expect(page.locator("#moment")).to_contain_text("round 2")
    page.keyboard.press("p")
    expect(page.locator("#moment")).to_contain_text("round 1")
    page.keyboard.press("d")
    expect(page.locator("#moment")).to_be_hidden()
    expect(page.locator("#coach")).to_have_attribute("href", re.compile(r"tick=\d+&context=de_stacks"))
    page.keyboard.press("h")
    expect(page.locator("#heat-note")).to_have_text(
        re.compile(r"(minutes?|seconds?) of players’ time, in 1 recording\."), timeout=SOON
    )


def test_levels_and_images(watch: Callable[[str], None], page: Page, site: Site) -> None:
    maps = site.home / "maps"
    maps.mkdir(exist_ok=True)
    for image in maps.glob("de_stacks*.png"):
        image.unlink()
    watch("?round=1&t=5")
    expect(page.locator("#sight")).to_contain_text("drawn from where players walked")
    level = page.get_by_label("Level of the map")
    expect(level.locator("option:checked")).to_have_text(re.compile("^Auto: (upper|lower) level$"))
    Image.new("RGB", (64, 64), "red").save(maps / "de_stacks.png")
    Image.new("RGB", (64, 64), "lime").save(maps / "de_stacks_lower.png")
    watch("?round=1&t=5")
    expect(page.locator("#sight")).not_to_contain_text("drawn from")
    colours = {}
    for name in ("upper", "lower"):
        page.locator("h1").click()
        level.select_option(name)
        colours[name] = _colour(page)
    assert colours["upper"][0] > 90 > colours["upper"][1] + colours["upper"][2]
    assert colours["lower"][1] > 90 > colours["lower"][0] + colours["lower"][2]
    page.locator("h1").click()
    page.keyboard.press("l")
    expect(level).to_have_value("")
    damaged = maps / "de_stacks.png"
    damaged.write_bytes(damaged.read_bytes()[:40])  # a PNG by its head only
    watch("?round=1&t=5")
    expect(page.locator("#sight")).to_contain_text("drawn from where players walked")
    for image in maps.glob("de_stacks*.png"):
        image.unlink()


def test_a_phone_and_accessibility(watch: Callable[[str], None], page: Page, site: Site) -> None:
    watch("?round=1&t=8")
    assert serious_faults(page) == []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    watch("?round=1&t=8")
    assert not _overflows(page)
    for control in ("#play", "#scrub", "#speed", "#link", "#map"):
        box = page.locator(control).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
    assert serious_faults(page) == []
    page.goto(f"{site.url}/heatmaps/?map=de_stacks&kind=deaths&side=T")
    expect(page.locator("#note")).to_have_text(
        re.compile(r"^\d+ deaths?, in \d+ recordings? \(map de_stacks\)\.$"), timeout=SOON
    )
    assert not _overflows(page)
    assert serious_faults(page) == []


def test_without_webgl(watch: Callable[[str], None], page: Page, site: Site) -> None:
    page.add_init_script(
        """const real = HTMLCanvasElement.prototype.getContext;
        HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
          return kind.startsWith('webgl') ? null : real.call(this, kind, ...more);
        };
        if ('OffscreenCanvas' in window) OffscreenCanvas.prototype.getContext = () => null;"""
    )
    page.goto(site.url)
    link = page.locator("table.recordings").get_by_role("link", name="two levels.dem").first
    page.goto(f"{site.url}{link.get_attribute('href')}replay/?round=1&t=5")
    expect(page.locator("#map-message")).to_contain_text("no WebGL", timeout=SOON)
    tick = _tick(page)
    page.keyboard.press("ArrowRight")
    assert _tick(page) == tick + 2 * RATE
    expect(page.locator(".mate")).to_have_count(10)


def test_with_the_recording_deleted(watch: Callable[[str], None], page: Page, site: Site) -> None:
    watch("?round=1")
    expect(page.get_by_role("link", name="Capture this")).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("link", name="two levels.dem").click()
    page.locator("form[action$='/recording/delete/'] button").first.click()
    watch("?round=2&t=6")
    assert _seconds(page) == 6
    expect(page.get_by_role("link", name="Capture this")).to_be_hidden()
    page.keyboard.press("k")
    expect(page.locator("#feed li")).not_to_have_count(0)


def test_a_plan_is_deleted_only_when_one_says_so(
    site: Site, context: BrowserContext, page: Page, shared_data: Path
) -> None:
    page.goto(site.url)
    page.locator("#recordings").set_input_files(shared_data / "demos" / "real" / "14155.dem")
    row = page.locator("table.recordings tr", has_text="14155.dem")
    expect(row).to_contain_text("Ready", timeout=IMPORTED)
    row.get_by_role("link", name="14155.dem").first.click()
    recording = page.url
    page.goto(f"{recording}replay/")
    _shown(page)
    page.get_by_role("link", name="Capture this").click()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert not _overflows(page)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    page.get_by_label("At most").fill("1")
    page.get_by_role("button", name="Capture these frames").click()
    expect(page.locator(".job")).to_have_attribute("data-status", "succeeded", timeout=IMPORTED)
    delete, questions = page.get_by_role("button", name="Delete"), []
    page.once("dialog", lambda dialog: (questions.append(dialog.message), dialog.dismiss()))
    delete.click()
    assert questions == ["Delete this plan with its frames, their labels and reviews?"]
    expect(delete).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    delete.click()
    expect(page.get_by_text("was deleted, with 1 frame.")).to_be_visible()
    page.goto(recording)
    page.locator("form[action$='/delete/']:not([action*=recording]) button").first.click()
    expect(page.get_by_text("were deleted")).to_be_visible()
