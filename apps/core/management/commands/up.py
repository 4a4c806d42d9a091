import os
import sys
import time

import redis
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.launch import children, frontend, home_lock, leftovers, ports, preparation, readiness, redis_server
from apps.core.launch.problem import LaunchProblem
from apps.core.launch.supervisor import Supervisor

REDIS_START_S = 15.0


class Command(BaseCommand):
    help = "Sets Chimera up and runs it: Redis, web, workers, housekeeping and model server, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address the web server listens on")
        parser.add_argument("--port", type=int, default=8000, help="port of the web server")
        parser.add_argument("--model-port", type=int, default=8100, help="port of the embedded model server")

    def handle(self, *, host: str, port: int, model_port: int, **options: object) -> None:
        os.umask(0o077)  # recordings, the database, keys: for the person who runs this and nobody else
        shown = f"[{host}]" if ":" in host else "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104
        address = f"http://{shown}:{port}"
        try:
            with home_lock.only_one(settings.CHIMERA_HOME, address):
                failure = self._run(host, port, model_port, address)
        except LaunchProblem as problem:
            raise CommandError(str(problem)) from problem
        if failure is not None:
            raise CommandError(failure)
        self._say("Chimera stopped; nothing of it is left running.")

    def _run(self, host: str, port: int, model_port: int, address: str) -> str | None:
        """Prepare, run until told to stop, and return why it ended by itself, if it did."""
        if ended := leftovers.sweep(settings.CHIMERA_HOME):
            self._say(f"Ended {ended} processes that an earlier start had left behind.")
        own_model_server = "MODEL_SERVER_URL" not in os.environ
        ports.require_free(host, port, purpose="the web server", option="--port")
        if own_model_server:
            ports.require_free("127.0.0.1", model_port, purpose="the model server", option="--model-port")
        self._require_named_redis()
        self._prepare()
        has_model = own_model_server and preparation.embedded_model(settings.EMBEDDED_MODEL_DIR, self._say)
        model_root = f"http://127.0.0.1:{model_port}"
        supervisor = Supervisor(
            founded=_redis_answers,
            beside=lambda running: readiness.announce(
                running, address=address, model_server=f"{model_root}/health" if has_model else None
            ),
        )
        environment = {
            **os.environ,
            "PYTHONUNBUFFERED": "1",
            "CHIMERA_HOME": str(settings.CHIMERA_HOME),
            "REDIS_URL": settings.REDIS_URL,
            "MODEL_SERVER_URL": f"{model_root}/v1" if own_model_server else settings.MODEL_SERVER_URL,
            leftovers.MARK: str(settings.CHIMERA_HOME),
        }
        self._add_children(supervisor, environment, host, port, model_port if has_model else None)
        try:
            supervisor.loop()
        finally:
            leftovers.sweep(settings.CHIMERA_HOME)
        return supervisor.failure()

    def _prepare(self) -> None:
        frontend_is_new = frontend.build(settings.BASE_DIR)
        self._say("Front end: built." if frontend_is_new else "Front end: up to date.")
        preparation.migrate(self._say)
        preparation.administrator(self._say)

    def _add_children(
        self, supervisor: Supervisor, environment: dict[str, str], host: str, port: int, model_port: int | None
    ) -> None:
        root = str(settings.BASE_DIR)
        if "REDIS_URL" not in os.environ:
            binary = redis_server.find_binary()
            command = redis_server.command(binary, socket=settings.REDIS_SOCKET, data=settings.CHIMERA_HOME / "redis")
            supervisor.add(children.Child("redis", command), environment, cwd=root, foundation=True)
        rest = [children.web(host, port), *map(children.worker, settings.QUEUES), children.housekeeping()]
        if model_port is not None:
            rest.append(children.model_server(settings.EMBEDDED_MODEL_DIR, model_port))
        for child in rest:
            supervisor.add(child, environment, cwd=root)

    def _require_named_redis(self) -> None:
        if "REDIS_URL" in os.environ and not _ping():
            raise LaunchProblem("Redis does not answer at the address in REDIS_URL. Start it, or unset REDIS_URL.")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        sys.stdout.flush()


def _ping() -> bool:
    try:
        return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2).ping())
    except redis.RedisError:
        return False


def _redis_answers() -> bool:
    end = time.monotonic() + REDIS_START_S
    while time.monotonic() < end:
        if _ping():
            return True
        time.sleep(0.05)
    return False
