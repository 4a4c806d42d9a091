"""What people should know of a model before they rely on it."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from apps.coach.inference_servers import ModelServer

RANDOM = "chimera-tiny.json"  # written by `manage.py create_tiny_model`
READER = "chimera-reader.json"  # lies beside the weights of the HUD reader
NOTHING_LEARNED = (
    "The small model that comes along has learned nothing yet: expect noise until it serves one you trained (README, "
    "first steps)."
)
READS_THE_HUD = (
    "The small model that comes along reads the HUD and sees nothing else of the frame. Its advice was learned from "
    "simulated matches."
)


def note(server: ModelServer) -> str:
    """A sentence about the embedded model as it is served here; "" for models that other people serve."""
    if server.kind != "embedded" or not settings.SMALL_MODEL_SERVED or server.url != settings.MODEL_SERVER_URL:
        return ""
    return _of_folder(Path(settings.EMBEDDED_MODEL_DIR))


@lru_cache
def _of_folder(folder: Path) -> str:
    """Read once: the server of this process's life serves what lay there when both began."""
    if (folder / READER).is_file():
        return READS_THE_HUD
    return NOTHING_LEARNED if (folder / RANDOM).is_file() else ""
