"""The library with 5,000 recordings: list, search, filters and groups through the whole site, in a scratch database."""

import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.models import User
from apps.demos.benchmarks.scratch import scratch_database
from apps.demos.models import Demo, DemoSource, DemoStatus, DemoTeam, Event, Player, Round, Tag, Team
from apps.demos.parsing.naming import PLATFORMS, key
from apps.demos.services.describing import refresh_search

DEMOS, ROUNDS, PLAYERS = 5_000, 24, 10
REPEATS = 7
LIMIT_MS = 150
MAPS = ("de_mirage", "de_nuke", "de_inferno", "de_dust2", "de_ancient", "de_train", "de_anubis", "de_overpass")
ADDRESSES = {
    "list": "/",
    "list, page 60": "/?page=60",
    "search, one word": "/?q=mirage",
    "search, three words": "/?q=mirage+team+navi7",
    "search, nothing found": "/?q=thereisnosuchword",
    "filter: map": "/?map=de_nuke",
    "filter: team": "/?team={team}",
    "filter: player by id": "/?player={steamid}",
    "filter: player by name": "/?player=nick77",
    "filter: event": "/?event={event}",
    "filter: platform": "/?platform=faceit",
    "filter: source": "/?source=api",
    "filter: tag": "/?tag=tag7",
    "filter: dates": "/?since=2025-03-01&until=2025-04-01",
    "filter: warnings": "/?state=warnings",
    "all filters at once": "/?q=de&map=de_nuke&team={team}&event={event}&tag=tag7&since=2024-01-01&state=ready",
    "sort: played": "/?sort=played",
    "sort: name": "/?sort=name",
    "groups: event": "/?group=event",
    "groups: team": "/?group=team",
    "groups: player": "/?group=player",
    "groups: map": "/?group=map",
    "player page": "/players/{steamid}/",
    "team page": "/teams/{team}/",
    "event page": "/events/{event}/",
    "suggestions": "/demos/suggest/?kind=player&player=nick7",
}


def run(say: Callable[[str], object]) -> None:
    """Say median and worst milliseconds and the number of queries of each address, whole pages and lists alone."""
    with scratch_database():
        begun = time.perf_counter()
        fill(DEMOS)
        rounds, players = Round.objects.count(), Player.objects.count()
        took = time.perf_counter() - begun
        say(f"{connection.vendor}: {DEMOS:,} recordings, {rounds:,} rounds, {players:,} players made in {took:.0f} s")
        user = User.objects.create_superuser("bench")
        client = Client(headers={"host": "localhost"})
        client.force_login(user)
        places = {
            "team": Team.objects.all()[3].pk,
            "event": Event.objects.all()[3].pk,
            "steamid": Player.objects.all()[3].steamid,
        }
        worst = 0.0
        for name, address in ADDRESSES.items():
            median, most, busy, queries = measure(client, address.format(**places))
            worst = max(worst, median)
            say(f"{name:24} median {median:6.1f} ms, worst {most:6.1f} ms, CPU {busy:5.1f} ms, {queries} queries")
        say(f"slowest median: {worst:.0f} ms (goal: at most {LIMIT_MS} ms)")


def measure(client: Client, address: str) -> tuple[float, float, float, int]:
    """Median and worst milliseconds of some requests after a first, median of this process's CPU milliseconds, which
    a busy machine changes less, and the queries of one."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    count = len(queries)  # now: the log is emptied with the next request
    assert answer.status_code == 200, (address, answer.status_code)
    times, busy = [], []
    for _ in range(REPEATS):
        begun, used = time.perf_counter(), time.process_time()
        client.get(address)
        times.append((time.perf_counter() - begun) * 1000)
        busy.append((time.process_time() - used) * 1000)
    return statistics.median(times), max(times), statistics.median(busy), count


STEAMID = 76561198000000000


def fill(count: int, *, seed: int = 4) -> None:
    """Make ``count`` recordings with teams, players, rounds, tags and events; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311  (made-up matches)
    teams = Team.objects.bulk_create(Team(name=f"Team Navi{i}", key=key(f"Team Navi{i}")) for i in range(200))
    events = Event.objects.bulk_create(Event(name=f"Event {i}", key=key(f"Event {i}")) for i in range(60))
    tags = Tag.objects.bulk_create(Tag(name=f"tag{i}") for i in range(40))
    for start in range(0, count, 500):
        demos = Demo.objects.bulk_create(
            _demo(number, chance, events) for number in range(start, min(start + 500, count))
        )
        _fill_one_batch(demos, chance, teams, tags)


def _demo(number: int, chance: random.Random, events: list[Event]) -> Demo:
    played = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=130 * number)
    return Demo(
        sha256=f"{number:064x}",
        original_name=f"match-{number}-{chance.choice(MAPS)}.dem",
        size=chance.randrange(10**7, 5 * 10**8),
        recording=f"recordings/{number:064x}.dem",
        source=chance.choice(DemoSource.values),
        status=DemoStatus.READY,
        map_name=chance.choice(MAPS),
        server_name="A server somewhere",
        round_count=ROUNDS,
        player_count=PLAYERS,
        last_tick=64 * 60 * 40,
        platform=chance.choice(list(PLATFORMS)),
        event=chance.choice([None, *events]),
        played_at=chance.choice([None, played]),
        warnings=chance.choice([[], [], ["The end is missing: the recording was cut off at tick 90,000."]]),
        notes=chance.choice(["", "A note about the second half. " * 10]),
    )


def _fill_one_batch(demos: list[Demo], chance: random.Random, teams: list[Team], tags: list[Tag]) -> None:
    DemoTeam.objects.bulk_create(
        DemoTeam(demo=demo, roster=roster, team=team, clan_name=team.name, score=13 if roster == 0 else 8)
        for demo in demos
        for roster, team in enumerate(chance.sample(teams, 2))
    )
    Player.objects.bulk_create(
        Player(demo=demo, slot=slot, steamid=STEAMID + who, name=f"nick{who}", first_side="CT", roster=slot % 2)
        for demo in demos
        for slot, who in enumerate(chance.sample(range(4000), PLAYERS))
    )
    Round.objects.bulk_create(
        Round(demo=demo, ordinal=n, number=n, start_tick=n * 6000, end_tick=n * 6000 + 5000, winner_side="CT")
        for demo in demos
        for n in range(1, ROUNDS + 1)
    )
    through = Demo.tags.through
    through.objects.bulk_create(
        through(demo_id=demo.pk, tag_id=tag.pk) for demo in demos for tag in chance.sample(tags, chance.randrange(4))
    )
    refresh_search([demo.pk for demo in demos])
