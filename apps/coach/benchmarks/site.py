"""The site and the paced model server, each a process of its own, in a home that goes afterwards."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from apps.core.children import BASE_DIR
from apps.core.launch import ports, readiness

PACED = Path(__file__).with_name("paced.py")
PEOPLE = 64
QUESTIONS = 6  # of one person; more cannot be open
MAKE = """
import io, json, os
from django.test import Client
from django.utils import timezone
from PIL import Image
from apps.coach.models import Analysis, Frame
from apps.coach.services import asking
from apps.core.models import User
noise = Image.frombytes("RGB", (96, 54), os.urandom(96 * 54 * 3)).resize((1920, 1080))
shot = io.BytesIO(); noise.save(shot, "JPEG", quality=90)
people, image = [], None
for number in range({people}):
    user = User.objects.create_superuser(f"bench-{{number}}", password=None)
    client = Client(); client.force_login(user)
    first = asking.ask(user=user, uploads=[shot.getvalue()], context="") if image is None else None
    image = image or first.image
    session = asking.open_session(user)
    told = dict(session=session, user=user, context="{context}")
    rows = [Analysis(heartbeat_at=timezone.now(), **told) for _ in range({questions})]
    Analysis.objects.bulk_create(rows)
    Frame.objects.bulk_create(Frame(analysis=row, position=0, image=image, width=1920, height=1080) for row in rows)
    people.append([client.cookies["sessionid"].value, [str(row.pk) for row in rows]])
print(json.dumps(people))
"""


@dataclass
class Person:
    session: str
    questions: list[str]  # ids that nobody has started yet


@dataclass(frozen=True)
class Site:
    port: int
    model_port: int
    process: psutil.Process
    environment: dict[str, str]

    def people(self, count: int = PEOPLE, context: str = "") -> list[Person]:
        """New people, signed in, each with new questions about a frame of 1920×1080."""
        code = MAKE.format(people=count, questions=QUESTIONS, context=context).replace(
            "bench-", f"bench-{time.monotonic_ns()}-"
        )
        made = subprocess.run(
            [sys.executable, "manage.py", "shell", "--no-imports", "-c", code],
            cwd=BASE_DIR,
            env=self.environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return [Person(session, ids) for session, ids in json.loads(made.stdout)]


@contextmanager
def running() -> Iterator[Site]:
    """Both processes, answering; no limits, since they are not what is measured."""
    with tempfile.TemporaryDirectory(prefix="chimera-bench-") as home:
        port, model_port = ports.free(), ports.free()
        environment = {
            **os.environ,
            "CHIMERA_HOME": home,
            "DATABASE_URL": f"sqlite:///{home}/db.sqlite3",
            "MODEL_SERVER_URL": f"http://127.0.0.1:{model_port}/v1",
            "MODEL_SERVERS": "[]",
            "COACH_PER_USER": "1000",
            "COACH_GLOBAL": "1000",
            "LOG_LEVEL": "ERROR",
        }
        _manage("migrate", environment)
        asgi = ["uvicorn", "chimera_site.asgi:application", "--port", str(port), "--no-access-log"]
        web = subprocess.Popen([sys.executable, "-m", *asgi, "--log-level", "error"], cwd=BASE_DIR, env=environment)
        model = subprocess.Popen([sys.executable, str(PACED), str(model_port)])
        try:
            while not readiness.answers(f"http://127.0.0.1:{port}/health/"):
                time.sleep(0.1)
            yield Site(port, model_port, psutil.Process(web.pid), environment)
        finally:
            for process in (web, model):
                process.kill()
                process.wait()


def _manage(command: str, environment: dict[str, str]) -> None:
    arguments = [sys.executable, "manage.py", command, "--verbosity", "0"]
    subprocess.run(arguments, cwd=BASE_DIR, env=environment, check=True, capture_output=True)
