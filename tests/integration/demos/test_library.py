"""The library's list: search, filters, groups, what people say of recordings, many at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core import storage
from apps.core.models import Job, JobStatus, User
from apps.demos.benchmarks.library import STEAMID, fill
from apps.demos.models import Demo, DemoSource, DemoStatus, DemoTeam, Event, Player, Tag, Team
from apps.demos.parsing.stats.scoreboard import totals
from apps.demos.parsing.stats.statistics import COUNTS
from apps.demos.selectors import library
from apps.demos.services import describing, removing, uploading

LIBRARY = "/"


@pytest.fixture
def demo(viewer: User) -> Demo:
    return make("natus-vincere-vs-faze-m1-mirage.dem", viewer)


def make(name: str, user: User | None = None, **values: Any) -> Demo:
    """A recording as an import leaves it: two teams, two players, described."""
    number = Demo.objects.count()
    recording = storage.artefacts().save(f"recordings/{number:064x}.dem", ContentFile(b"content"))
    row = Demo.objects.create(
        sha256=f"{number:064x}",
        original_name=name,
        size=7,
        recording=recording,
        status=DemoStatus.READY,
        uploaded_by=user,
        map_name="de_mirage",
        round_count=21,
        **values,
    )
    for roster, clan in enumerate(("NATUS VINCERE", "FaZe")):
        DemoTeam.objects.create(demo=row, roster=roster, clan_name=clan, score=13 - 5 * roster)
        Player.objects.create(
            demo=row,
            slot=roster,
            steamid=STEAMID + roster,
            name=f"Zoë{roster}",
            roster=roster,
            statistics=totals(_lines()),
        )
    describing.describe(row)
    row.refresh_from_db()
    return row


def _lines() -> list[dict[str, Any]]:
    """A player's numbers in 20 rounds: two kills for a death, three rounds of four with something done."""
    nothing = dict.fromkeys((*COUNTS, "clutch_size", "clutch_won", "survived", "flash_seconds"), 0)
    return [{**nothing, "kills": 2, "deaths": 1, "damage": 80, "present": True, "kast": n % 4 > 0} for n in range(20)]


def names(client: Client, query: str) -> list[str]:
    """The recordings that the list shows."""
    context = client.get(f"{LIBRARY}{query}").context
    return sorted(demo.original_name for demo in context["demos"])


def test_what_the_names_tell(demo: Demo) -> None:
    assert demo.platform == "hltv"
    assert [row.team.name for row in demo.teams.all() if row.team] == ["NATUS VINCERE", "FaZe"]
    describing.describe(demo)
    make("faze-vs-natus-vincere-m2-nuke.dem")
    assert Team.objects.count() == 2


def test_the_archive_tells_the_event(viewer: User, client: Client) -> None:
    demo = make("natus-vincere-vs-faze-m1-mirage.dem", found_in="iem-dallas-2025-natus-vincere-vs-faze-bo3-a1.zip")
    assert str(demo.event) == "IEM Dallas 2025"
    assert names(client, "?q=dallas") == [demo.original_name]


def test_what_a_person_typed_outlives_another_import(demo: Demo) -> None:
    describing.change(demo, {"event": "Blast Rivals", "team1": "", "notes": "retake on B", "tags": "A, b,a"})
    describing.describe(demo)
    demo.refresh_from_db()
    assert (demo.event.name if demo.event else "", demo.typed) == ("Blast Rivals", ["event", "team1"])
    assert [row.team.name if row.team else None for row in demo.teams.all()] == ["NATUS VINCERE", None]
    assert [tag.name for tag in demo.tags.all()] == ["a", "b"]
    describing.change(demo, {"event": "blast-rivals"})
    assert Event.objects.count() == 1


def test_every_word_must_occur(demo: Demo, client: Client) -> None:
    other = make("my own.dem")
    describing.change(other, {"notes": "100% <b>retake</b>"})
    assert names(client, "?q=mirage") == ["my own.dem", demo.original_name]
    assert names(client, "?q=FAZE-vs own") == []
    assert names(client, "?q=hltv+zoe1") == [demo.original_name]
    assert names(client, "?q=zoë0+100%25") == ["my own.dem"]
    assert names(client, "?q=100_") == []


def test_one_not_yet_imported_is_found_by_its_name(viewer: User, client: Client) -> None:
    Demo.objects.create(sha256="f" * 64, original_name="Fresh.dem", size=1, recording="x")
    assert names(client, "?q=fresh") == ["Fresh.dem"]
    assert names(client, "?state=stopped") == ["Fresh.dem"]


def test_each_filter(demo: Demo, client: Client) -> None:
    other = make("other.dem", warnings=["The end is missing."], source="api")
    Demo.objects.filter(pk=other.pk).update(map_name="de_nuke")
    describing.change(
        other, {"event": "Cup", "tags": "final", "played_at": datetime(2025, 3, 5, 20, tzinfo=UTC), "team0": "Ours"}
    )
    event, team = Event.objects.get(), Team.objects.get(name="Ours")
    for query in (
        "map=de_nuke",
        f"event={event.pk}",
        f"team={team.pk}",
        "tag=Final",
        "source=api",
        "state=warnings",
        "since=2025-03-05&until=2025-03-05",
        "until=2025-12-01",
        "platform=&q=other",
    ):
        assert names(client, f"?{query}") == ["other.dem"], query
    for query in ("platform=hltv", "event=0", "map=de_mirage", "since=2026-01-01"):
        assert names(client, f"?{query}") == [demo.original_name], query
    assert len(names(client, "?player=zoë")) == 2
    assert names(client, "?map=de_nuke&platform=hltv") == []


def test_chips_tell_what_is_filtered(demo: Demo, client: Client) -> None:
    make("other.dem")
    answer = client.get(f"{LIBRARY}?q=natus&map=de_mirage&sort=name&page=3")
    chips = {chip.name: (chip.count, address) for chip, address in answer.context["chips"]}
    assert chips == {"q": (2, "?map=de_mirage&sort=name"), "map": (2, "?q=natus&sort=name")}
    assert "Nothing fits" in client.get(f"{LIBRARY}?q=zzz").content.decode()


def test_what_means_nothing_is_left_out(demo: Demo, client: Client) -> None:
    for query in ("team=x", "since=31.12.", "state=odd", "sort=odd", "event=-1", "team=9" + "9" * 40, "group=odd"):
        assert names(client, f"?{query}") == [demo.original_name], query
    assert names(client, f"?player={'9' * 19}") == []


def test_the_number_of_queries_does_not_grow(viewer: User, client: Client) -> None:
    fill(3)
    queries = {}
    addresses = ["/", "/?q=match&state=ready", *(f"/?group={by}" for by in ("event", "team", "player", "map"))]
    for round_ in range(2):
        for address in addresses:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(address).status_code == 200
            queries[round_, address] = len(captured)
        if not round_:
            Demo.objects.all().delete()
            Team.objects.all().delete()
            Event.objects.all().delete()
            Tag.objects.all().delete()
            fill(120)
    assert {address: queries[1, address] for address in addresses} == {
        address: queries[0, address] for address in addresses
    }
    assert max(queries.values()) <= 21


@pytest.mark.parametrize("by", ["event", "team", "player", "map"])
def test_groups(demo: Demo, client: Client, by: str) -> None:
    describing.change(make("other.dem"), {"event": "Cup"})
    groups = client.get(f"{LIBRARY}?group={by}").context["groups"]
    expected = {
        "event": [("Cup", 1), ("No event", 1)],
        "team": [("FaZe", 2), ("NATUS VINCERE", 2)],
        "player": [("Zoë0", 2), ("Zoë1", 2)],
        "map": [("de_mirage", 2)],
    }
    assert [(group.label, group.count) for group in groups] == expected[by]
    for group in groups:
        assert len(names(client, f"?{by}={group.value}")) == group.count
    narrowed = client.get(f"{LIBRARY}?group={by}&q=hltv").context["groups"]
    assert {group.count for group in narrowed} == {1}


def test_pages_of_a_player_a_team_and_an_event(demo: Demo, client: Client) -> None:
    second = make("second.dem")
    DemoTeam.objects.filter(demo=second, roster=0).update(score=3)
    describing.change(demo, {"event": "Cup"})
    page = client.get(reverse("demos:player", args=[STEAMID]))
    assert dict(page.context["figures"])["Kills"] == "80"
    figures = dict(page.context["figures"])
    assert (figures["K/D"], figures["ADR"], figures["KAST %"], figures["Rounds"]) == ("2.00", "80.0", "75", "40")
    record = page.context["records"][0]
    assert (record.map_name, record.won, record.lost, record.drawn) == ("de_mirage", 1, 1, 0)
    team = Team.objects.get(name="FaZe")
    assert client.get(reverse("demos:team", args=[team.pk])).context["records"][0].won == 1
    assert len(client.get(reverse("demos:event", args=[Event.objects.get().pk])).context["demos"]) == 1
    assert client.get(reverse("demos:player", args=[5])).status_code == 404
    assert client.get("/players/" + "9" * 30 + "/").status_code == 404


def test_describing_on_the_page(demo: Demo, client: Client) -> None:
    address = reverse("demos:describe", args=[demo.pk])
    script = "<script>alert(1)</script>"
    form = {"tags": f"eco,  {script}", "notes": script, "event": script, "team0": "Us", "played_at": "2025-01-02T20:30"}
    answer = client.post(address, form, follow=True)
    assert "The description was saved" in answer.content.decode()
    shown = client.get(LIBRARY).content.decode() + client.get(demo.get_absolute_url()).content.decode()
    assert client.post(address, form, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    wrong = {"tags": "x" * 51, "team0": "y" * 151, "played_at": "soon"}
    answer = client.post(address, wrong, headers={"HX-Request": "true"}).content.decode()
    assert answer.count('aria-invalid="true"') == 3
    assert "The first team’s name is too long" in answer
    assert script not in shown
    assert "&lt;script&gt;" in shown
    demo.refresh_from_db()
    assert demo.played_at == datetime(2025, 1, 2, 20, 30, tzinfo=UTC)
    assert demo.notes == script


def test_what_is_too_long_is_refused_with_a_sentence(demo: Demo, client: Client) -> None:
    address = reverse("demos:describe", args=[demo.pk])
    for field, length, says in (
        ("notes", 10_001, "at most 10,000"),
        ("event", 151, "at most 150"),
        ("tags", 51, "at most 50"),
        ("notes", 10 * 1024**2, "more than a form can take"),
    ):
        answer = client.post(address, {field: "x" * length}, follow=True)
        assert says in answer.content.decode(), field
    demo.refresh_from_db()
    assert (demo.notes, demo.event, demo.tags.count()) == ("", None, 0)


def test_many_at_once(demo: Demo, client: Client) -> None:
    other = make("other.dem")
    both = {"demo": [demo.pk, other.pk, 999], "query": "?q=mirage"}
    bulk = reverse("demos:bulk")
    answer = client.post(bulk, {**both, "action": "tag", "value": "Final, eco"})
    assert answer.headers["Location"] == "/?q=mirage"
    assert names(client, "?tag=final") == names(client, "?q=eco") == sorted([demo.original_name, "other.dem"])
    client.post(bulk, {**both, "action": "untag", "value": "eco"})
    client.post(bulk, {**both, "action": "event", "value": "Cup"})
    assert Event.objects.get().demos.count() == 2
    assert names(client, "?q=eco") == []
    for odd in ({}, {"action": "odd"}, {"action": "tag", "value": "x" * 60}, {"action": "tag", "value": " , "}):
        assert client.post(bulk, {"demo": demo.pk, **odd}).status_code == 302
    assert client.post(bulk, {"demo": demo.pk, "query": "//elsewhere.example"}).headers["Location"] == "/"


def test_deleting_the_recording_keeps_the_data(demo: Demo, client: Client, stored: Callable[[], set[str]]) -> None:
    storage.put_bytes(f"demos/{demo.sha256}/kills.parquet", b"table")
    assert client.post(reverse("demos:delete-recording", args=[demo.pk])).status_code == 302
    demo.refresh_from_db()
    assert (demo.recording, demo.status, bool(demo.recording_deleted_at)) == ("", "ready", True)
    assert {name for name in stored() if demo.sha256 in name} == {f"demos/{demo.sha256}/kills.parquet"}
    assert demo.players.count() == 2
    assert not removing.remove_recording(demo)
    assert names(client, "?state=deleted") == [demo.original_name]


def test_deleting_many_asks_first_and_leaves_those_of_others(
    demo: Demo, client: Client, make_user: Callable[..., User], stored: Callable[[], set[str]]
) -> None:
    foreign = make("foreign.dem", make_user("reviewer"))
    storage.put_bytes(f"demos/{demo.sha256}/packs/1.json.gz", b"pack")
    chosen = {"demo": [demo.pk, foreign.pk], "action": "delete"}
    asked = client.post(reverse("demos:bulk"), chosen).content.decode()
    assert "cannot be undone" in asked
    assert "1 of the ticked recordings belongs to somebody else" in asked
    assert Demo.objects.count() == 2
    client.post(reverse("demos:bulk"), {**chosen, "confirmed": "1"})
    assert list(Demo.objects.all()) == [foreign]
    assert not {name for name in stored() if demo.sha256 in name}


def test_suggestions(demo: Demo, client: Client) -> None:
    describing.change(demo, {"tags": "final, finesse"})
    address = reverse("demos:suggest")
    assert "Zoë1" in client.get(address, {"kind": "player", "player": "zo"}).content.decode()
    assert 'value="eco, final"' in client.get(address, {"kind": "tag", "tags": "eco, fin"}).content.decode()
    assert client.get(address, {"kind": "password"}).status_code == 400


def test_how_far_an_import_is(demo: Demo, client: Client) -> None:
    assert "Ready" in client.get(reverse("demos:row-state", args=[demo.pk])).content.decode()
    assert client.get(reverse("demos:row-state", args=[999])).status_code == 286  # htmx: ask no more


def test_a_recording_of_two_nameless_teams_is_one_recording(demo: Demo, client: Client) -> None:
    DemoTeam.objects.filter(demo=demo).update(team=None)
    Player.objects.filter(demo=demo).update(steamid=STEAMID)
    for by in ("team", "player"):
        (group,) = client.get(f"{LIBRARY}?group={by}").context["groups"]
        assert (group.count, len(names(client, f"?{by}={group.value}"))) == (1, 1)
    Player.objects.filter(demo=demo).update(name="")
    (group,) = client.get(f"{LIBRARY}?group=player").context["groups"]
    assert group.label == f"No name ({STEAMID})"


def test_what_could_not_be_imported_is_told_until_it_is_dismissed(
    viewer: User, client: Client, make_user: Callable[[str], User]
) -> None:
    def told(query: str = "") -> list[str]:
        return [one.outcome.message for one in client.get(f"{LIBRARY}{query}").context["not_imported"]]

    sentences = [f"Reason {number}." for number in range(3)]
    for sentence in sentences:
        uploading.refuse("m.dem", 7, sentence, source=DemoSource.UPLOAD, user=viewer)
    uploading.refuse("m.dem", 7, "Of somebody else.", source=DemoSource.UPLOAD, user=make_user("reviewer"))
    assert sorted(told()) == sentences
    assert told("?q=m") == []
    first = client.get(LIBRARY).context["not_imported"][0]
    address = reverse("demos:dismiss")
    left = client.post(address, {"entry": f"{first.upload}:{first.number}"}, HTTP_HX_REQUEST="true").content.decode()
    assert [sentence in left for sentence in sentences] == [True, True, False]
    client.post(address, {"entry": "all"})
    assert told() == []


def test_an_open_page_of_what_was_deleted_stops_asking(demo: Demo, client: Client) -> None:
    removing.remove(demo)
    assert client.get(reverse("demos:row-state", args=[demo.pk])).status_code == 286
    assert client.get(demo.get_absolute_url(), HTTP_HX_REQUEST="true").status_code == 204
    assert client.get(demo.get_absolute_url()).status_code == 404


def test_the_import_of_what_was_just_deleted_is_not_shown(demo: Demo) -> None:
    job = Job.objects.create(
        function=library.IMPORT_JOB, title="Import m.dem", queue="parse", timeout_s=60, queued_at=timezone.now()
    )
    Job.objects.filter(pk=job.pk).update(status=JobStatus.RUNNING)
    Demo.objects.filter(pk=demo.pk).update(job=job, status=DemoStatus.IMPORTING)
    assert library.current_imports() == [job]
    demo.refresh_from_db()
    removing.withdraw(demo)
    job.refresh_from_db()
    assert (job.is_over, library.current_imports()) == (False, [])
