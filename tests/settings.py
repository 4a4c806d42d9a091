"""The site's settings with a home of the tests' own.

A settings module, because pytest-django reads the settings before it loads any conftest: set there, the home would
come too late, and tests would write into the folder of a real installation.
"""

import atexit
import os
import shutil
import tempfile

# One for each process of a parallel run, and never the one somebody works with: whatever was set before is replaced.
_home = tempfile.mkdtemp(prefix="chimera-test-")
os.environ["CHIMERA_HOME"] = _home
os.environ["EMBEDDED_MODEL_DIR"] = f"{_home}/model"  # empty; tests that train put the tiny one there
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ.setdefault("HF_HUB_OFFLINE", "1")

from chimera_site.settings import *  # noqa: E402, F403

# The processes that tests start run with the site's settings, in the home above.
os.environ["DJANGO_SETTINGS_MODULE"] = "chimera_site.settings"

# Each test's client makes the middleware anew, and WhiteNoise would look through all static files every time: a third
# of the time of most tests of pages.
WHITENOISE_AUTOREFRESH = True
