import os
import sys

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.launch import children, frontend, home_lock, leftovers, ports, preparation, readiness, redis_server
from apps.core.launch.addresses import Addresses
from apps.core.launch.problem import LaunchProblem
from apps.core.launch.supervisor import Supervisor


class Command(BaseCommand):
    help = "Sets Chimera up and runs it: Redis, web, workers, housekeeping and model server, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address the web server listens on")
        parser.add_argument("--port", type=int, default=8000, help="port of the web server")
        parser.add_argument("--model-port", type=int, default=8100, help="port of the embedded model server")

    def handle(self, *, host: str, port: int, model_port: int, **options: object) -> None:
        os.umask(0o077)  # recordings, the database, keys: for the person who runs this and nobody else
        at = Addresses(host, port, model_port)
        try:
            with home_lock.only_one(settings.CHIMERA_HOME, at.web):
                failure = self._run(at)
        except LaunchProblem as problem:
            raise CommandError(str(problem)) from problem
        if failure is not None:
            raise CommandError(failure)
        self._say("Chimera stopped; nothing of it is left running.")

    def _run(self, at: Addresses) -> str | None:
        """Prepare, run until told to stop, and return why it ended by itself, if it did."""
        if ended := leftovers.sweep(settings.CHIMERA_HOME):
            self._say(f"Ended {ended} processes that an earlier start had left behind.")
        own_model_server = "MODEL_SERVER_URL" not in os.environ
        ports.require_free(at.host, at.port, purpose="the web server", option="--port")
        if own_model_server:
            ports.require_free("127.0.0.1", at.model_port, purpose="the model server", option="--model-port")
        if "REDIS_URL" in os.environ and not _redis_answers():
            raise LaunchProblem("Redis does not answer at the address in REDIS_URL. Start it, or unset REDIS_URL.")
        self._prepare()
        has_model = own_model_server and preparation.embedded_model(settings.EMBEDDED_MODEL_DIR, self._say)
        model_health = f"{at.model_server}/health" if has_model else None
        supervisor = Supervisor(
            beside=lambda running: readiness.announce(running, address=at.web, model_server=model_health)
        )
        _add_children(supervisor, at, own_model_server=own_model_server, has_model=has_model)
        try:
            supervisor.loop()
        finally:
            leftovers.sweep(settings.CHIMERA_HOME)
        return supervisor.failure()

    def _prepare(self) -> None:
        self._say("Front end: built." if frontend.build(settings.BASE_DIR) else "Front end: up to date.")
        preparation.migrate(self._say)
        preparation.own_maps(self._say)
        preparation.administrator(self._say)

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        sys.stdout.flush()


def _add_children(supervisor: Supervisor, at: Addresses, *, own_model_server: bool, has_model: bool) -> None:
    """Redis, then the pages, then the rest: all at once, their imports would keep a small machine from showing any."""
    root = str(settings.BASE_DIR)
    environment = _environment(f"{at.model_server}/v1" if own_model_server else settings.MODEL_SERVER_URL)
    if "REDIS_URL" not in os.environ:
        command = redis_server.command(
            redis_server.find_binary(), socket=settings.REDIS_SOCKET, data=settings.CHIMERA_HOME / "redis"
        )
        server = children.Child("redis", command)
        supervisor.add(server, environment, cwd=root, answers=_redis_answers, foundation=True)
    web = children.web(at.host, at.port)
    supervisor.add(web, environment, cwd=root, answers=lambda: readiness.answers(f"{at.web}/health/"))
    rest = [*map(children.worker, settings.QUEUES), children.housekeeping()]
    if settings.WATCH_FOLDER:
        rest.append(children.watching())
    if has_model:
        rest.append(children.model_server(settings.EMBEDDED_MODEL_DIR, at.model_port))
    for child in rest:
        supervisor.add(child, environment, cwd=root)


def _environment(model_server_url: str) -> dict[str, str]:
    """What every child is told, whatever this process found in its own environment."""
    return {
        **os.environ,
        "PYTHONUNBUFFERED": "1",
        "CHIMERA_HOME": str(settings.CHIMERA_HOME),
        "REDIS_URL": settings.REDIS_URL,
        "MODEL_SERVER_URL": model_server_url,
        "SMALL_MODEL_SERVED": str("MODEL_SERVER_URL" not in os.environ),
        leftovers.MARK: str(settings.CHIMERA_HOME),
    }


def _redis_answers() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False
