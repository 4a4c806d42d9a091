"""One frame: the view and the HUD of one player at one tick."""

from collections.abc import Mapping

from PIL import Image, ImageDraw, ImageFont

from apps.simulation.recording import Recording


def render_frame(
    recording: Recording,
    tick: int,
    slot: int,
    size: tuple[int, int] = (1280, 720),
    convars: Mapping[str, str] | None = None,
) -> Image.Image:
    image = Image.new("RGB", size, "#556677")
    player = recording.at(tick).players[slot]
    ImageDraw.Draw(image).text((40, 40), f"{tick} {player}"[:80], font=ImageFont.load_default(30))
    return image
