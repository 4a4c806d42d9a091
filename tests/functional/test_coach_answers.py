"""Answers in a browser: side by side, waiting in line, after a lost connection, aloud, judged and shared."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.functional.axe import serious_faults
from tests.functional.coach import SOON, CoachSite, ask, files, fits_a_phone, picture, until
from tests.integration.coach.fake_server import VALID, VALID_TEXT

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.skipif(not (ROOT / "static/build/coach_live.js").exists(), reason="run `npm run build` first"),
]
ACTION = VALID["advice"]["primary_action"]
CALLOUT = VALID["advice"]["callout"]
BUTTONS = "#answer [data-after] [data-do={}]"
# The browser of the tests has no voices: what would be said is kept instead.
VOICE = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", {
  value: {speak: (words) => window.said.push(words.text), cancel: () => window.said.push("(hush)")},
});
"""


@pytest.fixture
def frame(tmp_path: Path) -> Path:
    return files(tmp_path, "red")[0]


def field(page: Page, path: str, which: str = "#answer") -> Any:
    return page.locator(f"{which} [data-field='{path}']")


def test_two_models_side_by_side(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = coach_site.second.pause_s = 0.008
    other = copy.deepcopy(VALID) | {"advice": {**VALID["advice"], "primary_action": "Hold the ramp."}}
    coach_site.second.answer = json.dumps(other)
    page = coach_site.open()
    page.get_by_label("Model", exact=True).select_option("large")
    page.get_by_label("Compare with").select_option("small")
    assert page.locator("#alias-b option[value=large]").is_disabled()
    ask(page, frame)
    until(page, "streaming")
    until(page, "streaming", "#b-answer")
    until(page, "complete")
    until(page, "complete", "#b-answer")
    expect(field(page, "advice.primary_action")).to_have_text(ACTION)
    expect(field(page, "advice.primary_action", "#b-answer")).to_have_text("Hold the ramp.")
    expect(page.locator("#asked")).to_have_text("Large model")
    expect(page.locator("#b-asked")).to_have_text("Small model")
    left, right = page.locator("#answer").bounding_box(), page.locator("#b-answer").bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    assert left["x"] + left["width"] < right["x"]
    assert serious_faults(page) == []
    page.set_viewport_size({"width": 400, "height": 800})
    left, right = page.locator("#answer").bounding_box(), page.locator("#b-answer").bounding_box()
    assert left
    assert right
    assert left["x"] == right["x"]
    assert left["y"] + left["height"] < right["y"]
    page.locator("#b-answer [data-do=bad]").focus()
    page.keyboard.press("-")  # of the answer in which the focus is
    expect(page.locator("#b-answer [data-do=bad]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#answer [data-do=bad]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("-")
    expect(page.locator("#b-answer [data-do=bad]")).to_have_attribute("aria-pressed", "false")
    page.locator("#history a").first.click()
    page.set_viewport_size({"width": 1280, "height": 900})
    expect(page.get_by_role("heading", level=1)).to_contain_text("Comparison of")
    for which, asked, action in (("#answer", "Large model", ACTION), ("#b-answer", "Small model", "Hold the ramp.")):
        expect(page.locator(f"{which} .asked")).to_have_text(asked)
        expect(field(page, "advice.primary_action", which)).to_have_text(action)
    left, right = page.locator("#answer .seen").bounding_box(), page.locator("#b-answer .seen").bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"]
    page.locator("#b-answer [data-do=bad]").click()
    expect(page.locator("#b-answer [data-do=bad]")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#answer [data-do=bad]")).to_have_attribute("aria-pressed", "false")
    page.keyboard.press("+")  # of the answer in which the focus is
    expect(page.locator("#b-answer [data-do=good]")).to_have_attribute("aria-pressed", "true")
    assert serious_faults(page) == []
    assert fits_a_phone(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.locator("#history")).to_contain_text("Nothing yet")


def test_another_model_answers_for_one_that_is_away_and_says_so(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.mode = "broken"
    page = coach_site.open()
    ask(page, frame)
    until(page, "complete")
    expect(page.locator("#sentence")).to_have_text("Large model did not answer, so Small model did.")
    page.get_by_label("Model", exact=True).select_option("large")
    page.locator("#ask-button").click()
    until(page, "failed")
    expect(page.locator("#sentence")).to_contain_text("Large model")
    expect(page.locator(BUTTONS.format("good"))).to_be_disabled()  # there is no advice to be good or bad
    coach_site.second.mode = "broken"
    page.get_by_label("Model", exact=True).select_option("")
    page.locator("#ask-button").click()
    until(page, "failed")
    expect(page.locator("#sentence")).to_contain_text("None of the 2 models answered", timeout=SOON)


def test_a_second_tab_waits_in_line_and_is_told_its_place(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = coach_site.second.pause_s = 0.3  # they are still writing when the second tab asks
    page = coach_site.open()
    page.get_by_label("Compare with").select_option("small")
    ask(page, frame)
    until(page, "streaming")
    until(page, "streaming", "#b-answer")
    tab = coach_site.tab(page.context)
    tab.get_by_label("Compare with").select_option("")
    ask(tab, frame)
    until(tab, "queued")
    expect(tab.locator("#sentence")).not_to_be_empty()
    coach_site.first.pause_s = coach_site.second.pause_s = 0
    until(page, "complete")
    until(tab, "complete")
    expect(tab.locator("#sentence")).to_be_empty()
    assert not tab.locator("#cancel").is_enabled()
    expect(page.locator("#history a")).to_have_count(3)  # a tab lists what another one asked


def test_a_lost_connection_comes_back_and_shows_what_was_missed(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = 0.03
    page = coach_site.open()
    ask(page, frame)
    expect(field(page, "game_state.map_name")).to_have_text("de_dust2", timeout=SOON)
    page.evaluate("window.sockets.filter((one) => one.url.endsWith('/ws/coach/')).at(-1).close()")
    expect(page.locator("#sentence")).to_contain_text("connecting again")
    until(page, "cancelled")
    assert coach_site.first.disconnected.wait(2)
    shown = page.locator("#raw-text").text_content() or ""
    assert len(shown) > 20
    assert VALID_TEXT.startswith(shown)
    coach_site.first.pause_s = 0
    page.locator("#ask-button").click()
    until(page, "complete")
    expect(field(page, "advice.primary_action")).to_have_text(ACTION)


def test_a_reload_finds_the_question_again(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = 0.03
    page = coach_site.open()
    ask(page, frame)
    expect(field(page, "game_state.map_name")).to_have_text("de_dust2", timeout=SOON)
    page.reload()
    until(page, "cancelled")
    expect(field(page, "game_state.map_name")).to_have_text("de_dust2")
    expect(page.locator("#sentence")).to_contain_text("What had arrived is kept")


def test_two_people_at_once_and_what_one_shares(coach_site: CoachSite, frame: Path) -> None:
    coach_site.first.pause_s = 0.004
    ann, ben = coach_site.open("ann"), coach_site.open("ben")
    ann.locator("#context").fill("ann holds ramp")
    ask(ann, frame)
    ask(ben, frame)
    until(ann, "complete")
    until(ben, "complete")
    for page in (ann, ben):
        expect(field(page, "advice.callout")).to_have_text(CALLOUT)
        expect(page.locator("#history a")).to_have_count(1)
    ben.get_by_label("Shared by the team").check()
    expect(ben.locator("#history")).to_contain_text("Nobody has shared")
    ann.locator("h1").click()
    ann.keyboard.press("s")
    expect(ann.locator(BUTTONS.format("share"))).to_have_attribute("aria-pressed", "true")
    ben.get_by_label("Search questions").fill("ann ramp")
    expect(ben.locator("#history a")).to_have_count(1, timeout=SOON)
    ben.locator("#history a").click()
    expect(ben.get_by_role("heading", level=1)).to_contain_text("by ann")
    expect(ben.locator("img.frame")).to_be_visible()
    expect(ben.get_by_role("button", name="Delete")).to_have_count(0)
    expect(ben.get_by_role("button", name="Good")).to_have_count(0)
    ben.get_by_role("link", name="Ask again").click()
    expect(ben.locator("#frames li:not([data-empty])")).to_have_count(1)


def test_read_aloud_is_off_at_first_and_stops_when_told(coach_site: CoachSite, frame: Path) -> None:
    page = coach_site.open(script=VOICE)
    ask(page, frame)
    until(page, "complete")
    spoken = "window.said.filter((words) => words !== '(hush)')"
    assert page.evaluate(spoken) == []
    page.locator("h1").click()
    page.keyboard.press("v")
    page.locator("#ask-button").click()
    until(page, "complete")
    assert page.evaluate(spoken) == [CALLOUT, ACTION]
    page.reload()
    expect(page.locator("#aloud")).to_have_attribute("aria-pressed", "true")
    coach_site.first.pause_s = 0.03
    ask(page, frame)
    assert page.evaluate("window.said") == ["(hush)"]
    until(page, "streaming")
    page.locator("#cancel").click()
    until(page, "cancelled")
    assert set(page.evaluate("window.said")) == {"(hush)"}


def test_rating_and_a_correction_that_a_reviewer_decides(coach_site: CoachSite, frame: Path) -> None:
    page = coach_site.open()
    ask(page, frame)
    until(page, "complete")
    page.keyboard.press("+")  # although the button that was clicked is disabled by now
    expect(page.locator(BUTTONS.format("good"))).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("-")
    expect(page.locator(BUTTONS.format("bad"))).to_have_attribute("aria-pressed", "true")
    _correct(page, "Health", "input", "187", refused=True)
    _correct(page, "Health", "input", "87")
    _correct(page, "Side", "select", "T")
    page.get_by_role("button", name="Correct Utility").click()
    page.get_by_label("Flashbang").fill("1")
    page.keyboard.press("Enter")
    expect(field(page, "game_state.utility")).to_have_text("Smoke Grenade, Flashbang")
    page.locator(BUTTONS.format("open")).click()
    expect(field(page, "game_state.player_health")).to_have_text("87")
    expect(page.get_by_role("button", name="Bad")).to_have_attribute("aria-pressed", "true")
    assert serious_faults(page) == []
    assert fits_a_phone(page)

    rae = coach_site.open("rae")
    rae.get_by_role("link", name="Corrections 3").click()
    expect(rae.locator("#field-title")).to_have_text("Health")
    expect(rae.locator(".verdicts")).to_contain_text("ann says")
    assert rae.locator("#picture img").evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 640
    assert serious_faults(rae) == []
    assert fits_a_phone(rae)
    _decide(rae, "a", "Side", 2)
    _decide(rae, "u", "Health", 3)
    _decide(rae, "r", "Side", 2)
    _decide(rae, "a", "Utility", 1)
    rae.keyboard.press("a")
    expect(rae.get_by_text("No corrections wait")).to_be_visible()


def _correct(page: Page, label: str, control: str, value: str, *, refused: bool = False) -> None:
    page.get_by_role("button", name=f"Correct {label}", exact=True).click()
    entry = page.locator(f".fix-form {control}")
    entry.fill(value) if control == "input" else entry.select_option(value)
    page.locator(".fix-form").get_by_role("button", name="Save").click()
    if refused:
        expect(page.locator(".fix-form")).to_be_visible()
        page.keyboard.press("Escape")
    expect(page.locator(".fix-form")).to_have_count(0)


def _decide(page: Page, key: str, then: str, left: int) -> None:
    page.keyboard.press(key)
    expect(page.locator("#left")).to_have_text(str(left), timeout=SOON)
    expect(page.locator("#field-title")).to_have_text(then)
    expect(page.locator("#review")).to_have_attribute("aria-busy", "false", timeout=SOON)


def test_history_is_searched_and_deleted(coach_site: CoachSite, frame: Path) -> None:
    page = coach_site.open()
    for number, words in enumerate(("eco round", "after the plant"), 1):
        page.locator("#context").fill(words)
        ask(page, frame)
        expect(page.locator("#history a")).to_have_count(number, timeout=SOON)
    page.get_by_label("Search questions").fill("plant Smoke")
    expect(page.locator("#history a")).to_have_count(1, timeout=SOON)
    page.get_by_label("Search questions").fill("bomb_status")
    expect(page.locator("#history")).to_contain_text("Nothing with these words", timeout=SOON)
    page.get_by_label("Search questions").fill("plant")
    page.locator("#history a").click()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("were deleted")).to_be_visible()
    expect(page.locator("#history a")).to_have_count(1)


class TestReadOtherwise:
    @pytest.fixture
    def before_browser(self, transactional_db: None) -> Callable[[], None]:
        from apps.coach.models import Analysis
        from apps.coach.services import asking
        from apps.core.models import User

        def write() -> None:
            ann = User.objects.get(username="ann")
            self.pk = asking.ask(user=ann, uploads=[picture("red")], context="").pk
            reading = {"phase": "live", "health": 87, "armor": 96, "helmet": False, "score_left": 6}
            told = {"status": "complete", "answer": VALID, "raw_text": VALID_TEXT, "reading": reading}
            Analysis.objects.filter(pk=self.pk).update(**told)

        return write

    def test_what_the_reader_says_is_taken_over_by_keyboard(self, coach_site: CoachSite) -> None:
        page = coach_site.open(path=f"/coach/analyses/{self.pk}/")
        expect(page.get_by_text("reader: what the embedded model reads")).to_be_visible()
        for label, path, put in (("Health", "player_health", "87"), ("Helmet", "player_has_helmet", "no")):
            slot = page.locator(f"[data-slot='game_state.{path}']")
            expect(slot.locator(".reader")).to_have_text(f"reader: {put}")
            page.get_by_role("button", name=f"Correct {label}", exact=True).click()
            page.get_by_role("button", name=f"Take the reader’s: {put}").press("Enter")
            page.keyboard.press("Enter")
            expect(field(page, f"game_state.{path}")).to_have_text(put)
            expect(slot.locator(".reader")).to_be_hidden()
        assert serious_faults(page) == []
        page.reload()
        expect(field(page, "game_state.player_health")).to_have_text("87")
        expect(page.locator(".reader:visible")).to_have_text(["reader: 6"])
        assert fits_a_phone(page)
