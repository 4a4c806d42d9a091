"""The coach as browsers meet it: a real web process, two model servers of the tests, and people who are signed in."""

import base64
import io
import json
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.integration.coach.fake_server import FakeModelServer
from tests.web import Web

SOON = 20_000
COLOURS = {"red": (150, 40, 40), "green": (40, 140, 60), "blue": (40, 60, 160)}
# Kept by the page, so that a test can cut its connection as a bad line does.
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...given) { super(...given); window.sockets.push(this); } };
"""


@dataclass
class CoachSite:
    """Where the coach runs and what it asks: ``first`` is preferred, ``second`` the model beside it."""

    web: Web
    first: FakeModelServer
    second: FakeModelServer
    browser: Browser
    cookies: dict[str, str]  # by name of the person
    contexts: list[BrowserContext] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def wait_until_both_are_up(self) -> None:
        """The site remembers a model that broke in the test before, and passes it over until it answered again."""
        ask = urllib.request.Request(
            f"{self.web.url}/coach/status/", headers={"Cookie": f"sessionid={self.cookies['ann']}"}
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with urllib.request.urlopen(ask, timeout=10) as answer:
                if all(alias["up"] for alias in json.load(answer)["aliases"]):
                    return
            time.sleep(0.1)
        raise AssertionError("the models of the test are not seen to be up")

    def open(self, who: str = "ann", path: str = "/coach/", *, script: str = "", **options: Any) -> Page:
        """A new browser profile of ``who`` at ``path``; ``script`` runs before the page's own."""
        context = self.browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": self.cookies[who], "url": self.web.url}])
        context.add_init_script(KEEP_SOCKETS + script)
        return self.tab(context, path)

    def tab(self, context: BrowserContext, path: str = "/coach/") -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.web.url}{path}")
        if path.startswith("/coach/?") or path == "/coach/":
            expect(page.locator("#server")).to_have_attribute("data-state", "up", timeout=30_000)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


def picture(colour: str) -> bytes:
    """A PNG of 640×360 that is mostly ``colour``."""
    image = Image.new("RGB", (640, 360), COLOURS[colour])
    ImageDraw.Draw(image).rectangle((10, 320, 120, 350), fill=(220, 220, 80))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def files(folder: Path, *colours: str) -> list[Path]:
    paths = [folder / f"{colour}.png" for colour in colours]
    for path, colour in zip(paths, colours, strict=True):
        path.write_bytes(picture(colour))
    return paths


def colours_sent(server: FakeModelServer) -> list[str]:
    """Which pictures the last question carried, oldest first."""
    content = server.requests[-1]["messages"][1]["content"]
    urls = [part["image_url"]["url"] for part in content if part["type"] == "image_url"]
    return [_colour(base64.b64decode(url.partition(",")[2])) for url in urls]


def _colour(jpeg: bytes) -> str:
    pixel: Any = Image.open(io.BytesIO(jpeg)).getpixel((320, 100))
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(pixel, COLOURS[name], strict=True)))


def answer(page: Page, which: str = "#answer") -> Locator:
    return page.locator(which)


def until(page: Page, status: str, which: str = "#answer") -> None:
    expect(answer(page, which)).to_have_attribute("data-status", status, timeout=SOON)


def ask(page: Page, path: Path) -> None:
    page.set_input_files("#image", path)
    page.locator("#ask-button").click()


def fits_a_phone(page: Page) -> bool:
    """Whether nothing sticks out to the right at 400 pixels; the page is as wide as before afterwards."""
    before = page.viewport_size
    page.set_viewport_size({"width": 400, "height": 800})
    wide = page.locator("html").evaluate("(html) => html.scrollWidth - html.clientWidth")
    if before is not None:
        page.set_viewport_size(before)
    return bool(wide <= 0)
