"""What the viewer is sent: its page, packs as stored or built on the fly, the ground, and heat maps."""

import gzip
import html
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import polars as pl
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from apps.core import storage
from apps.core.models import User
from apps.demos.models import Demo, DemoStatus, DemoTeam, Event, Player, Round, Tag, Team
from apps.demos.parsing.match import rules
from apps.demos.parsing.reading import states
from apps.demos.parsing.viewing import heat, pack, pack_ground
from apps.demos.selectors import facets, heatmaps, packs
from apps.demos.selectors.library import Search
from apps.demos.services import describing

LINK = r'id="heat-link"[^>]*href="([^"]*)"'


def walk(last: int = 640) -> pl.DataFrame:
    """Two players who walk east, 16 times a second: slot 0 (CT) at y 0, slot 1 (T) at y 640."""
    rows = [
        {"tick": tick, "slot": slot, "steamid": slot, "name": f"P{slot}", "side": side, "x": tick * 2.0}
        | {"y": 640.0 * slot, "z": 0.0, "yaw": 0.0, "health": 100}
        for tick in range(0, last, 4)
        for slot, side in ((0, "CT"), (1, "T"))
    ]
    return pl.DataFrame(rows, schema=states.SCHEMA)


KILLS = pl.DataFrame(
    {
        "tick": [100, 300, 500], "attacker_slot": [0, 1, 0], "victim_slot": [1, 0, 1],
        "attacker_side": ["CT", "T", "CT"], "victim_side": ["T", "CT", "T"], "weapon": ["ak47"] * 3,
        "attacker_x": [200.0, 600.0, 1000.0], "attacker_y": [0.0, 640.0, 0.0], "attacker_z": [0.0] * 3,
        "victim_x": [200.0, 600.0, 1000.0], "victim_y": [640.0, 0.0, 640.0], "victim_z": [0.0] * 3,
    }
)  # fmt: skip


@pytest.fixture
def demo(viewer: User, tmp_path: Path) -> Demo:
    """An imported recording: a warm-up that does not count, then two rounds."""
    row = Demo.objects.create(
        sha256=uuid4().hex * 2, size=1, map_name="de_quay", status=DemoStatus.READY, has_positions=True, last_tick=640
    )
    ticks = [(0, 60, 120, None, "warmup"), (200, 220, 380, 1, ""), (400, 420, 600, 2, "")]
    for ordinal, (start, freeze_end, end, number, why) in enumerate(ticks, 1):
        more = {"start_tick": start, "freeze_end_tick": freeze_end, "end_tick": end, "not_counted": why}
        Round.objects.create(demo=row, ordinal=ordinal, number=number, **more)
    for slot, side in enumerate(("CT", "T")):
        Player.objects.create(demo=row, slot=slot, name=f"P{slot}", first_side=side, roster=slot)
    tables = {"player_states": walk(), "rules": rules.unknown(0, 640), "kills": KILLS}
    for name, table in tables.items():
        table.write_parquet(tmp_path / name)
        storage.put_file(f"demos/{row.sha256}/{name}.parquet", tmp_path / name)
    cache.clear()
    return row


def told(client: Client, query: str, demo: Demo) -> Any:
    page = client.get(reverse("demos:replay", args=[demo.pk]) + query).content.decode()
    found = re.search(r'<script id="viewer-config" type="application/json">(.*?)</script>', page)
    return json.loads(found.group(1)) if found else None


@pytest.mark.parametrize(
    ("query", "first"),
    [("", 2), ("?round=2", 3), ("?part=1", 1), ("?part=3&round=1", 3), ("?round=99", 2), ("?part=x&round=%00y", None)],
)
def test_the_page_opens_at_a_round(demo: Demo, client: Client, query: str, first: int | None) -> None:
    if first is None:
        assert client.get(reverse("demos:replay", args=[demo.pk]) + query).status_code == 400
    else:
        config = told(client, query, demo)
        assert config["first"] == first
        assert [row["number"] for row in config["rounds"]] == [None, 1, 2]
        assert config["rounds"][0]["why"] == "warm-up"


def test_few_queries_however_many_rounds(demo: Demo, client: Client, django_assert_max_num_queries: Any) -> None:
    rows = [Round(demo=demo, ordinal=n, number=n, start_tick=n * 100, end_tick=n * 100 + 99) for n in range(10, 60)]
    Round.objects.bulk_create(rows)
    with django_assert_max_num_queries(8):
        client.get(reverse("demos:replay", args=[demo.pk]))


def test_former_addresses_lead_here(demo: Demo, client: Client) -> None:
    answer = client.get(f"/demos/{demo.pk}/rounds/2/?t=4")
    assert answer.headers["Location"] == f"/demos/{demo.pk}/replay/?t=4&part=2"


def test_a_pack_is_sent_as_it_is_stored(demo: Demo, client: Client) -> None:
    data = pack.encode({"version": pack.VERSION, "ordinal": 2})
    storage.put_bytes(f"demos/{demo.sha256}/{pack.name(2)}", data)
    address = reverse("demos:pack", args=[demo.pk, 2])
    answer = client.get(address, headers={"Accept-Encoding": "gzip, br"})
    assert answer.content == data
    assert answer.headers["Content-Encoding"] == "gzip"
    etag = answer.headers["ETag"]
    again = client.get(address, headers={"Accept-Encoding": "gzip", "If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address).json() == {"version": pack.VERSION, "ordinal": 2}
    assert client.get(reverse("demos:pack", args=[demo.pk, 9])).status_code == 404


def test_a_missing_or_older_pack_is_built(demo: Demo, client: Client) -> None:
    storage.put_bytes(f"demos/{demo.sha256}/{pack.name(3)}", gzip.compress(b'{"version":1}'))
    for ordinal in (2, 3):
        sent = client.get(reverse("demos:pack", args=[demo.pk, ordinal])).json()
        assert (sent["version"], sent["ordinal"], len(sent["players"]["slot"])) == (pack.VERSION, ordinal, 2)
        assert len(sent["kills"]["tick"]) == 1
    ground = client.get(reverse("demos:ground", args=[demo.pk])).json()
    assert ground["sight"] == "open"
    assert ground["bounds"][0] < 0 < 1280 < ground["bounds"][2]


def test_without_positions_there_is_none(demo: Demo, client: Client) -> None:
    Demo.objects.update(has_positions=False, warnings=["Nothing could be <decoded>."])
    page = client.get(reverse("demos:replay", args=[demo.pk])).content.decode()
    assert "No replay for this recording" in page
    assert "Nothing could be &lt;decoded&gt;." in page
    assert client.get(reverse("demos:pack", args=[demo.pk, 2])).status_code == 404
    assert client.get(reverse("demos:ground", args=[demo.pk])).status_code == 404


def test_the_first_round_can_be_watched_while_the_rest_is_read(demo: Demo, client: Client) -> None:
    Demo.objects.update(status=DemoStatus.IMPORTING, has_preview=True)
    assert told(client, "", demo)["first"] == 2
    assert client.get(reverse("demos:pack", args=[demo.pk, 2])).status_code == 200
    Demo.objects.update(has_preview=False)
    assert "has not been imported yet" in client.get(reverse("demos:replay", args=[demo.pk])).content.decode()


def count(client: Client, query: str) -> Any:
    return client.get(reverse("demos:heatmap-data") + query).json()


def test_what_counts_is_counted(demo: Demo, client: Client) -> None:
    one = f"?demo={demo.pk}&kind="
    assert count(client, one + "kills")["total"] == 2  # that of the warm-up does not count
    assert count(client, one + "kills&side=T")["total"] == 1
    assert count(client, one + "deaths&side=T")["total"] == 1
    assert count(client, one + "kills&from_s=1.3")["total"] == 0 + 0
    assert count(client, one + "kills&from_s=1.2&to_s=1.3")["total"] == 2
    assert count(client, one + "utility")["total"] == 0
    places = count(client, one + "positions&side=CT")
    index, times = places["levels"][0][:2]
    assert times >= 1
    assert places["bottom"] + index // places["width"] == 0
    assert places["note"] == "5 seconds of players’ time, in 1 recording."
    assert count(client, one + "utility")["note"].startswith("Nothing of this was counted in 1 recording")
    nobody = count(client, f"?map={demo.map_name}&player=Nobody%20Known")["note"]
    assert nobody.startswith("Nobody called “Nobody Known” plays in a recording here.")


def test_whose_is_counted(demo: Demo, client: Client) -> None:
    team = Team.objects.create(name="Harbour")
    DemoTeam.objects.create(demo=demo, roster=1, team=team)
    assert count(client, f"?map=de_quay&kind=kills&team={team.pk}")["total"] == 1
    describing.describe(demo)  # names are found by the search text
    assert count(client, "?map=de_quay&kind=kills&player=P0")["total"] == 1
    assert count(client, "?map=de_quay&kind=kills&player=nobody")["demos"] == 0
    assert count(client, "?map=de_dust2")["note"] == "No recording with positions fits (map de_dust2)."


def test_questions_that_cannot_be_answered(demo: Demo, client: Client) -> None:
    for query in ("", "?map=de_quay&kind=dances", "?map=de_quay&from_s=9&to_s=1", "?map=de_quay&from_s=nan", "?demo=x"):
        answer = client.get(reverse("demos:heatmap-data") + query)
        assert answer.status_code == 400
        assert answer.json()["error"].startswith(("That cannot be counted", "Choose a map"))


def test_counted_once_until_something_changes(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = heat.count
    monkeypatch.setattr(heat, "count", lambda *args, **more: asked.append("") or real(*args, **more))
    window = heat.Window("kills")
    for _ in range(2):
        assert heatmaps.heat_of(Search(map="de_quay"), window).counts.sum() == 2
    assert len(asked) == 1
    Round.objects.filter(ordinal=3).update(number=None)
    assert heatmaps.heat_of(Search(map="de_quay"), window).counts.sum() == 1
    assert len(asked) == 2


def test_out_of_patience_the_rest_is_counted_next_time(demo: Demo, client: Client) -> None:
    for number in range(3):
        twin = Demo.objects.create(
            sha256=f"{number}" * 64, size=1, map_name="de_quay", status=DemoStatus.READY, has_positions=True
        )
        Round.objects.create(demo=twin, ordinal=1, number=1, start_tick=0, end_tick=9)
    left = []
    for _ in range(4):
        found = heatmaps.heat_of(Search(map="de_quay"), heat.Window("kills"), patience_s=0)
        left.append(found.left)
    assert left == [3, 2, 1, 0]


def test_filters_of_the_library_count_here_too(demo: Demo, client: Client) -> None:
    event = Event.objects.create(name="Cup", key="cup")
    Demo.objects.filter(pk=demo.pk).update(event=event, platform="faceit")
    demo.tags.add(Tag.objects.create(name="eco"))
    day = f"{demo.uploaded_at:%Y-%m-%d}"
    fitting = f"event={event.pk}&platform=faceit&tag=eco&since={day}&until={day}&state=ready"
    found = count(client, f"?map=de_quay&kind=kills&{fitting}")
    assert (found["demos"], found["total"]) == (1, 2)
    assert "in 1 recording (map de_quay, event Cup, platform FACEIT, tag eco, from " in found["note"]
    library = client.get(found["recordings"]).content.decode()
    assert demo.get_absolute_url() in library
    for other in ("tag=none", "platform=valve", "event=0", f"since={demo.uploaded_at.year + 1}-01-01", "q=nothing"):
        assert count(client, f"?map=de_quay&kind=kills&{other}")["demos"] == 0, other


def test_the_library_leads_to_the_heat_map_of_what_it_shows(demo: Demo, client: Client) -> None:
    Demo.objects.create(sha256="e" * 64, size=1, map_name="de_other", status=DemoStatus.READY, has_positions=True)
    Demo.objects.create(sha256="d" * 64, size=1, map_name="de_other", status=DemoStatus.READY, has_positions=True)
    demo.tags.add(Tag.objects.create(name="a&b"))
    assert re.findall(LINK, client.get("/").content.decode()) == ["/heatmaps/"]
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get("/?tag=a%26b&event=0&sort=size&platform=", headers=headers).content.decode()
        [address] = re.findall(LINK, page)
        assert address == "/heatmaps/?event=0&amp;tag=a%26b"
        assert ('hx-swap-oob="true"' in page) == bool(headers)
    shown = client.get(html.unescape(address))
    assert shown.context["shown"] == "de_quay"  # the map of what fits, though another one has more recordings
    assert '<option value="a&amp;b" selected>' in re.sub(r"\s+", " ", shown.content.decode())
    assert '<option value="0" selected>None</option>' in shown.content.decode()


def test_the_page_of_heat_maps(demo: Demo, client: Client) -> None:
    page = client.get(reverse("demos:heatmaps")).content.decode()
    assert "de_quay" in page
    for name in ("q", "team", "player", "event", "platform", "source", "tag", "since", "until", "state"):
        assert f'name="{name}"' in page or not getattr(facets.facets(), name, True), name
    Demo.objects.all().delete()
    assert "Nothing to count yet" in client.get(reverse("demos:heatmaps")).content.decode()


def test_forged_tables_make_packs_like_their_truth(
    forged_demo: Callable[[int], Path], imported: Callable[[Path], Any]
) -> None:
    """Every stored pack of an import holds the kills of its stretch, and positions beside those of the states."""
    read = imported(forged_demo(20))
    kills, table, stored = read.table("kills"), read.table("player_states"), read.tables.parent / "replay"
    for row in read.summary["rounds"]:
        sent = json.loads(gzip.decompress((stored / pack.name(row["ordinal"])).read_bytes()))
        inside = kills.filter(pl.col("tick").is_between(sent["start"], sent["last"]))
        assert sent["kills"]["tick"] == inside["tick"].to_list()
        slots = sent["players"]["slot"]
        assert [slots[one] for one in sent["kills"]["victim"]] == inside["victim_slot"].to_list()
        last = table.filter(pl.col("tick") == sum(sent["ticks"])).sort("slot")
        x = {slot: sum(deltas) for slot, deltas in zip(slots, sent["moves"]["x"], strict=True)}
        assert [x[slot] for slot in last["slot"].to_list()] == [round(value) for value in last["x"].to_list()]
    assert pack.is_current((stored / pack.GROUND).read_bytes())
    assert packs.version(b"x" * 9 + b"12345678") == b"12345678".hex()
    assert pack_ground.BOMB_S == 40


def test_from_a_moment_to_a_capture_to_samples_and_to_the_coach(
    demo: Demo, make_user: Callable[..., Any], client: Client
) -> None:
    client.force_login(make_user("reviewer"))
    Demo.objects.update(recording="recordings/x.dem")
    address = told(client, "", demo)["capture"]
    page = client.get(f"{address}&tick=300").content.decode()
    assert 'value="300"' in page
    assert "2 frames" in page
    form = {
        "demo": demo.pk,
        "tick": 300,
        "interval_s": 3,
        "pov_rule": "one-each",
        "budget": 9,
        "hud_profile": "simulated",
    }
    client.post(reverse("captures:new"), form)
    plan = demo.capture_plans.get()
    assert sorted(plan.targets.values_list("tick", "slot", "round_number", "why")) == [
        (300, 0, 1, "asked for"),
        (300, 1, 1, "asked for"),
    ]
    listed = reverse("captures:list")
    assert plan.title in client.get(f"{listed}?demo={demo.pk}&round=1").content.decode()
    assert plan.title not in client.get(f"{listed}?demo={demo.pk}&round=2").content.decode()
    coach = client.get(reverse("coach:live") + "?context=de_quay,+round+1+%3Cb%3E").content.decode()
    assert "de_quay, round 1 &lt;b&gt;</textarea>" in coach
