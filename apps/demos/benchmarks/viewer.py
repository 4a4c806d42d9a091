"""The viewer: server time of its page and packs, size of a pack, and, where a browser is there, seeking and frames.

The round is as long as rounds get, and unkinder: ten players who never stand still, smokes, fires and shots all along.
"""

import os
import shutil
import statistics
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import polars as pl
from django.conf import settings
from django.test import Client

from apps.core import storage
from apps.core.models import User
from apps.demos.benchmarks.scratch import scratch_database
from apps.demos.models import Demo, DemoStatus, Round
from apps.demos.parsing.match import rules
from apps.demos.parsing.reading import states
from apps.demos.parsing.viewing import pack, pack_ground

ROUND_S, RATE, PLAYERS, ROUNDS = 155, 64, 10, 24  # 115 s and 40 s of a planted bomb
PAGE_MS, PACK_BYTES, SEEK_MS, FRAME_MS = 300, 400_000, 100, 1000 / 60
REPEATS = 9
SOFTWARE = ("--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")


def run(say: Callable[[str], object]) -> None:
    """Say one line per figure, with its goal."""
    with scratch_database():
        row, size = _made(say)
        client = Client(headers={"host": "localhost", "accept-encoding": "gzip"})
        client.force_login(User.objects.create_superuser("bench"))
        try:
            for name, address in (
                ("page", f"/demos/{row.pk}/replay/?round=1&t=42.5"),
                ("pack, stored", f"/demos/{row.pk}/packs/1.json"),
                ("pack, built on the fly", f"/demos/{row.pk}/packs/2.json"),
                ("ground", f"/demos/{row.pk}/packs/ground.json"),
            ):
                say(f"{name:24} median {_median_ms(client, address):6.1f} ms (goal: at most {PAGE_MS} ms)")
            say(f"pack of {ROUND_S} s, 10 players  {size:,} bytes gzipped (goal: at most {PACK_BYTES:,})")
            _in_a_browser(client, row, say)
        finally:
            for name in ("player_states.parquet", "rules.parquet", pack.name(1), pack.GROUND):
                storage.remove(f"demos/{row.sha256}/{name}")


def _median_ms(client: Client, address: str) -> float:
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        answer = client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, (address, answer.status_code)
    return statistics.median(times[1:])


def _made(say: Callable[[str], object]) -> tuple[Demo, int]:
    """A recording with a stored and a missing pack, and the size of the stored one."""
    table, tables = _played()
    known = rules.unknown(0, ROUND_S * RATE).with_columns(phase=pl.lit("live"), clock_s=pl.lit(61.5, pl.Float32))
    row = Demo.objects.create(
        sha256=uuid4().hex * 2, size=1, map_name="de_dust2", status=DemoStatus.READY, has_positions=True
    )
    ends = {"start_tick": 0, "freeze_end_tick": 640, "end_tick": ROUND_S * RATE}
    rounds = Round.objects.bulk_create(Round(demo=row, ordinal=n, number=n, **ends) for n in range(1, ROUNDS + 1))
    times = []
    for _ in range(REPEATS):
        begun = time.process_time()
        content = pack.build(rounds[0], table, known, tables, tick_rate=RATE)
        built = time.process_time()
        data = pack.encode(content)
        times.append((built - begun, time.process_time() - built))
    build, encode = (statistics.median(column) * 1000 for column in zip(*times[1:], strict=True))
    say(f"building a pack          {build:.1f} ms, compressing it {encode:.1f} ms of CPU")
    prefix = f"demos/{row.sha256}"
    storage.put_bytes(f"{prefix}/{pack.name(1)}", data)
    storage.put_bytes(f"{prefix}/{pack.GROUND}", pack.encode(pack_ground.build(table, tables, map_name="de_dust2")))
    for name, one in (("player_states", table), ("rules", known)):
        storage.put_bytes(f"{prefix}/{name}.parquet", _parquet(one))
    return row, len(data)


def _parquet(table: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    table.write_parquet(buffer)
    return buffer.getvalue()


def _played() -> tuple[pl.DataFrame, dict[str, pl.DataFrame | None]]:
    """States 16 times a second, and tables with six smokes and three fires at any moment and thirty shots a second."""
    random = np.random.default_rng(7)
    frames = ROUND_S * 16
    turns = np.cumsum(random.normal(0, 0.12, (frames, PLAYERS)), axis=0)
    x = 1200 * np.sin(np.cumsum(0.012 + 0.01 * random.random((frames, PLAYERS)), axis=0)) + random.normal(
        0, 2, turns.shape
    )
    y = 1200 * np.cos(np.cumsum(0.010 + 0.01 * random.random((frames, PLAYERS)), axis=0)) + random.normal(
        0, 2, turns.shape
    )
    slots = np.tile(np.arange(PLAYERS), frames)
    values: dict[str, Any] = {
        "tick": np.repeat(np.arange(frames) * 4, PLAYERS), "slot": slots, "steamid": slots + 1,
        "name": [f"player {slot}" for slot in slots], "side": ["CT" if slot < 5 else "T" for slot in slots],
        "x": x.ravel(), "y": y.ravel(), "z": random.normal(0, 20, x.size), "yaw": np.degrees(turns).ravel() % 360 - 180,
        "health": np.full(x.size, 100), "armor": np.full(x.size, 100), "money": np.full(x.size, 4000),
        "active_weapon": ["ak47"] * x.size, "primary_weapon": ["ak47"] * x.size, "clip": random.integers(0, 30, x.size),
        "has_bomb": slots == 7,
    }  # fmt: skip
    table = pl.DataFrame(
        {name: pl.Series(values[name]).cast(kind) if name in values else pl.Series([None] * x.size, dtype=kind)
         for name, kind in states.SCHEMA.items()}
    )  # fmt: skip
    ticks = np.sort(random.integers(640, ROUND_S * RATE, 30 * ROUND_S))
    shots = {
        "tick": ticks,
        "slot": random.integers(0, PLAYERS, ticks.size),
        "yaw": random.uniform(-180, 180, ticks.size),
    }
    clouds = {
        name: pl.DataFrame(
            {"start_tick": starts, "end_tick": starts + length, "thrower_slot": starts % PLAYERS, "entity_id": starts}
            | {axis: random.uniform(-1200, 1200, starts.size) for axis in "xyz"}
        )
        for name, length, starts in (
            ("smokes", 20 * RATE, np.arange(0, ROUND_S * RATE, 3 * RATE)),
            ("fires", 7 * RATE, np.arange(0, ROUND_S * RATE, 2 * RATE)),
        )
    }
    return table, {"shots": pl.DataFrame(shots).with_columns(weapon=pl.lit("weapon_ak47")), **clouds}


def _in_a_browser(client: Client, row: Demo, say: Callable[[str], object]) -> None:
    """Seek and play in a headless Chromium that draws without a graphics card; skipped where there is none."""
    try:
        from playwright.sync_api import Route, sync_playwright
    except ImportError:
        say("no browser: Playwright is not installed (it comes with the development packages)")
        return
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        say("no browser: Chromium is not installed")
        return
    answers: dict[str, tuple[int, bytes, dict[str, str]]] = {}
    for query in (
        f"/demos/{row.pk}/replay/?round=1&t=42.5",
        *(f"/demos/{row.pk}/packs/{name}.json" for name in (1, 2, "ground")),
    ):
        answer = client.get(query, headers={"accept-encoding": "identity"})
        answers[query.split("?")[0]] = (answer.status_code, answer.content, dict(answer.headers))

    def reply(route: Route) -> None:
        """No server: pages as the test client got them (queries are not allowed in here), files from static/."""
        path = "/" + route.request.url.split("/", 3)[3].split("?")[0]
        file = Path(settings.BASE_DIR) / path.lstrip("/")
        if path in answers:
            status, body, headers = answers[path]
            route.fulfill(status=status, body=body, headers=headers)
        elif path.startswith("/static/build/") and file.is_file():
            route.fulfill(path=file)
        else:
            route.fulfill(status=404, body="")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(SOFTWARE))
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.route("**/*", reply)
        begun = time.perf_counter()
        page.goto(f"http://localhost/demos/{row.pk}/replay/?round=1&t=42.5")
        page.wait_for_selector("#map-message[hidden]", state="attached", timeout=60_000)
        say(f"first picture            {(time.perf_counter() - begun) * 1000:.0f} ms after the address was entered")
        page.wait_for_timeout(1000)
        seeks = page.evaluate(SEEK)
        say(
            f"seek                     median {statistics.median(seeks):.1f} ms, worst {max(seeks):.1f} ms to the next "
            f"picture (goal: at most {SEEK_MS} ms)"
        )
        page.keyboard.press("Space")
        page.wait_for_timeout(2000)
        frames = page.evaluate(FRAMES)
        update = float(page.locator("#replay").get_attribute("data-frame-ms") or 0)
        rate, processors = 1000 / statistics.mean(frames), len(os.sched_getaffinity(0))
        say(f"playing                  {update:.1f} ms for our part of a picture (60 a second leave {FRAME_MS:.1f} ms)")
        say(f"                         {rate:.0f} pictures a second, drawn in software by {processors} processors")
        browser.close()


# Milliseconds from a move of the bar until the browser is ready to show what it drew, of forty moves.
SEEK = """async () => {
  const bar = document.querySelector('#scrub'), [low, high] = [Number(bar.min), Number(bar.max)], times = [];
  for (let turn = 0; turn < 40; turn++) {
    await new Promise((done) => setTimeout(done, 30));
    const begun = performance.now();
    bar.value = low + (high - low) * ((turn * 0.618) % 1);
    bar.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - begun);
  }
  return times;
}"""
# Milliseconds between pictures, for five seconds.
FRAMES = """() => new Promise((done) => {
  const times = [];
  let before = performance.now();
  const end = before + 5000;
  const next = (now) => {
    times.push(now - before);
    before = now;
    now < end ? requestAnimationFrame(next) : done(times.slice(1));
  };
  requestAnimationFrame(next);
})"""
