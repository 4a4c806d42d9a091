"""What people should know of a model before they rely on it."""

from apps.coach.inference_servers import ModelServer

READS_THE_HUD = (
    "The small model that comes along reads the HUD and sees nothing else of the newest frame: no map, grenades or "
    "people. Its advice was learned from simulated matches; of what happened so far it understands what a demo’s "
    "moment brings along, your own words hardly."
)


def note(server: ModelServer) -> str:
    """A sentence about a model that reads the HUD alone; "" for others."""
    return READS_THE_HUD if server.sees == "hud" else ""
