"""The site's settings with a home of the tests' own.

A settings module, because pytest-django reads the settings before it loads any conftest: set there, the home would
come too late, and tests would write into the folder of a real installation.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "CHIMERA_HOME" not in os.environ:
    _home = tempfile.mkdtemp(prefix="chimera-test-")
    os.environ["CHIMERA_HOME"] = _home
    atexit.register(shutil.rmtree, _home, ignore_errors=True)
if _worker := os.environ.get("PYTEST_XDIST_WORKER"):
    # Processes of one parallel run inherit the first one's home: each gets a part of it.
    os.environ["CHIMERA_HOME"] = str(Path(os.environ["CHIMERA_HOME"]) / _worker)
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from chimera_site.settings import *  # noqa: F403

# The processes that tests start run with the site's settings, in the home above.
os.environ["DJANGO_SETTINGS_MODULE"] = "chimera_site.settings"
