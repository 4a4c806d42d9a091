"""The whole application, started as a person starts it, and a real browser looking at it."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT, free_port
from tests.functional.coach import CoachSite
from tests.integration.coach.fake_server import FakeModelServer
from tests.web import Web

SET_FOR_TESTS = ("REDIS_URL", "DATABASE_URL", "EMBEDDED_MODEL_DIR")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
START_S = 240
SHARE_JOBS = "--auto-select-tab-capture-source-by-title=Jobs"  # the answer to "which window?", which nobody can click


@pytest.fixture(scope="session", autouse=True)
def _browser_is_here() -> None:
    if CHROMIUM is None:
        pytest.skip("no Chromium here: install Debian's `chromium` or set CHROMIUM to run the browser tests")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    return {
        **browser_type_launch_args,
        "executable_path": CHROMIUM,
        "args": ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 800}}


@dataclass
class Site:
    """A running installation."""

    url: str
    home: Path
    password: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def sign_in(self, page: Page) -> None:
        page.goto(f"{self.url}/sign-in/")
        page.get_by_label("Name").fill("admin")
        page.get_by_label("Password").fill(self.password)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{self.url}/")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """``manage.py up`` on an empty home: web, Redis, one worker per queue, housekeeping, model server."""
    home = tmp_path_factory.mktemp("home")
    log = home / "up.log"
    port = free_port()
    inherited = {key: value for key, value in os.environ.items() if key not in SET_FOR_TESTS}
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", "--port", str(port), "--model-port", str(free_port())],
        cwd=ROOT,
        env={**inherited, "CHIMERA_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stdout=log.open("wb"),
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_S
        while not _answers(f"{url}/health/"):
            if process.poll() is not None or time.monotonic() > end:
                pytest.fail(f"the application did not start:\n{log.read_text()[-4000:]}")
            time.sleep(0.2)
        found = re.search(r"password[^\n:]*:\s*(\S+)", log.read_text(), re.IGNORECASE)
        assert found, log.read_text()[-4000:]
        yield Site(url, home, found.group(1), process, log)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="session")
def coach_process(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> Iterator[tuple[Web, int, int]]:
    """A web process, and the ports of the two models it knows."""
    web = Web(tmp_path_factory.mktemp("coach") / "web.log")
    yield web, free_port(), free_port()
    web.kill()


@pytest.fixture
def coach_site(
    coach_process: tuple[Web, int, int],
    worker_env: dict[str, str],
    make_user: Callable[..., Any],
    before_browser: Callable[[], None],
) -> Iterator[CoachSite]:
    """The coach with two models, and ann and ben (viewers) and rae (a reviewer) signed in."""
    from django.test import Client

    web, *ports = coach_process
    first, second = (FakeModelServer(port) for port in ports)
    first.start()
    second.start()
    models = [
        {"alias": "large", "label": "Large model", "url": first.url, "kind": "base"},
        {"alias": "small", "label": "Small model", "url": second.url, "kind": "embedded"},
    ]
    cookies = {}
    for name, role in (("ann", "viewer"), ("ben", "viewer"), ("rae", "reviewer")):
        client = Client()
        client.force_login(make_user(role, name))
        cookies[name] = client.cookies["sessionid"].value
    before_browser()
    web.start({**worker_env, "MODEL_SERVERS": json.dumps(models), "COACH_PER_USER": "2"})
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-background-networking", SHARE_JOBS]
        )
        site = CoachSite(web, first, second, browser, cookies)
        site.wait_until_both_are_up()
        yield site
        site.close()
        browser.close()
    first.stop()
    second.stop()
    assert site.errors == []


@pytest.fixture
def before_browser() -> Callable[[], None]:
    """What a test writes into the database: once the browser runs, Django refuses this thread."""
    return lambda: None
