"""What has to be there before the processes start: tables, the first administrator, maps, a model to serve."""

import io
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command, get_commands
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from apps.core.launch.problem import LaunchProblem
from apps.core.services import first_admin

Say = Callable[[str], None]


def migrate(say: Say) -> None:
    """Bring the tables up to date.

    Raises:
        LaunchProblem: the database does not answer.
    """
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if plan:
            call_command("migrate", interactive=False, verbosity=0)
    except OperationalError as error:
        told = str(error).strip().splitlines()[0]
        raise LaunchProblem(f"The database does not answer: {told}. Check DATABASE_URL.") from error
    finally:
        connection.close()
    say(f"Database: {len(plan)} migrations applied." if plan else "Database: up to date.")


def administrator(say: Say) -> None:
    """Create the first administrator and show the password this one time."""
    made = first_admin.create_first_admin()
    if made is None:
        return
    name, password = made
    say("")
    say(f"  The first administrator is “{name}”, with the password: {password}")
    say("  It is shown only now, and holds until it is changed. Change it after signing in (click your name), or set a")
    say("  new one at any time with:")
    say(f"  ./chimera manage changepassword {name}")
    say("")


def own_maps(say: Say) -> None:
    """Draw the radar images of the simulation's maps into the home, where they are not there yet."""
    if "draw_maps" not in get_commands():
        return
    try:
        call_command("draw_maps", stdout=io.StringIO())
    except OSError as error:
        say(f"Maps: the images of our own could not be drawn, so their replays use the positions. {error}")


def embedded_model(folder: Path, say: Say) -> bool:
    """Create the small model the embedded server serves, if it is not there; True when there is one afterwards."""
    if (folder / "config.json").exists():
        return True
    if "create_tiny_model" not in get_commands():
        say("Model: none to serve yet, so the coach will say that no model server answers.")
        return False
    say("Model: creating the small embedded one…")
    making = folder.with_name(f"{folder.name}.part")
    shutil.rmtree(making, ignore_errors=True)
    making.parent.mkdir(parents=True, exist_ok=True)
    # In a process of its own: this one stays free of torch.
    command = [sys.executable, "manage.py", "create_tiny_model", "--output", str(making)]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        say(f"Model: it could not be created, so no model server is started. {last_line(done.stderr)}")
        return False
    shutil.rmtree(folder, ignore_errors=True)
    making.rename(folder)
    return True


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1] if text.strip() else ""
