"""What people should know of a model before they rely on it."""

from pathlib import Path

from django.conf import settings

from apps.coach.inference_servers import ModelServer

RANDOM = "chimera-tiny.json"  # written by `manage.py create_tiny_model`
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
    if server.sees == "hud":
        return READS_THE_HUD
    if server.kind != "embedded" or not settings.SMALL_MODEL_SERVED or server.url != settings.MODEL_SERVER_URL:
        return ""
    return NOTHING_LEARNED if (Path(settings.EMBEDDED_MODEL_DIR) / RANDOM).is_file() else ""
