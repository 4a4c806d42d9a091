"""What stands before the camera: no map geometry, but a true horizon, a floor with a grid, and the other players."""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from apps.simulation.frames.pen import font
from apps.simulation.playback import CHASE_DISTANCE, Camera
from apps.simulation.recording import Moment, PlayerState

GRID = 128.0  # units between two lines of the floor
FAR = 4000.0  # players farther away are not drawn
# CS2's field of view is 90° at 4:3, which is 106.26° across a 16:9 frame.
TAN_HALF_FOV = math.tan(math.radians(106.26 / 2))
# sky at the top, sky at the horizon, floor near, floor far, hills
_PALETTES = [
    ((92, 140, 190), (205, 216, 222), (150, 128, 98), (196, 180, 152), (168, 150, 124)),
    ((96, 118, 142), (198, 204, 208), (104, 108, 108), (160, 164, 164), (136, 142, 146)),
    ((112, 138, 160), (214, 206, 190), (122, 112, 92), (178, 168, 146), (148, 142, 122)),
    ((84, 124, 150), (200, 214, 206), (98, 112, 92), (160, 170, 146), (126, 142, 122)),
]
_BODY = {"CT": (64, 92, 128), "T": (156, 118, 66)}


def draw_view(moment: Moment, viewer: PlayerState, camera: Camera, map_name: str, size: tuple[int, int]) -> Image.Image:
    """The frame without its HUD."""
    palette = _PALETTES[sum(map_name.encode()) % len(_PALETTES)]
    image = _backdrop(camera, viewer.z, palette, size)
    draw = ImageDraw.Draw(image, "RGBA")
    others = [player for player in moment.players.values() if player.alive and player.slot != viewer.slot]
    for player in sorted(others, key=lambda other: -_distance(camera, other)):
        _draw_player(draw, camera, player, size, named=player.side == viewer.side)
    return image


def camera_of(player: PlayerState, first_person: bool = True) -> Camera:
    """The player's eyes, or a camera behind them."""
    x, y, z = player.eye
    back = 0.0 if first_person else CHASE_DISTANCE
    angle = math.radians(player.yaw)
    return Camera(x - back * math.cos(angle), y - back * math.sin(angle), z, player.pitch, player.yaw)


@lru_cache(maxsize=4)
def _rays(width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
    """Per column and row of a frame, how far right and down a ray leans for each unit ahead."""
    across = (np.arange(width, dtype=np.float32) + 0.5) / width * 2 - 1
    down = ((np.arange(height, dtype=np.float32) + 0.5) / height * 2 - 1) * (height / width)
    return across * TAN_HALF_FOV, down * TAN_HALF_FOV


def _backdrop(
    camera: Camera, floor: float, palette: tuple[tuple[int, int, int], ...], size: tuple[int, int]
) -> Image.Image:
    """Sky, far hills and a floor, computed for every second pixel and enlarged."""
    width, height = size[0] // 2, size[1] // 2
    across, down = _rays(width, height)
    pitch, yaw = math.radians(camera.pitch), math.radians(camera.yaw)
    ahead = (math.cos(pitch) - down * math.sin(pitch)).astype(np.float32)[:, None]
    falling = (math.sin(pitch) + down * math.cos(pitch)).astype(np.float32)[:, None]
    east = ahead * math.cos(yaw) + across[None, :] * math.sin(yaw)
    north = ahead * math.sin(yaw) - across[None, :] * math.cos(yaw)
    slope = falling / np.hypot(east, north)  # tangent of the angle below the horizon

    sky_top, sky_low, near, far, hills = (np.array(colour, np.float32) for colour in palette)
    up = np.clip(-slope / 0.9, 0, 1)[..., None]
    picture = sky_low + (sky_top - sky_low) * np.sqrt(up)
    ridge = _ridge(np.arctan2(north, east))
    picture = np.where((-slope < ridge)[..., None], hills + (sky_low - hills) * 0.35, picture)
    below = slope > 0.004
    reach = np.where(below, max(camera.z - floor, 8.0) / np.maximum(slope, 0.004), 0.0)
    bearing = np.hypot(east, north)
    x, y = camera.x + east / bearing * reach, camera.y + north / bearing * reach
    mist = np.clip(reach / 2600.0, 0, 1)[..., None] ** 0.6
    ground = near + (far - near) * mist + _grid(x, y, reach)[..., None] * (1 - mist)
    picture = np.where(below[..., None], ground, picture)
    small = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8), "RGB")
    return small.resize(size, Image.Resampling.BILINEAR)


def _ridge(bearing: np.ndarray) -> np.ndarray:
    """The height of the far hills (as a slope) by compass bearing: a landmark that turns with the player."""
    waves = np.sin(bearing * 3 + 0.7) + 0.6 * np.sin(bearing * 7 + 2.1) + 0.35 * np.sin(bearing * 17)
    return np.asarray(0.055 + 0.022 * waves)


def _grid(x: np.ndarray, y: np.ndarray, reach: np.ndarray) -> np.ndarray:
    """Brightness added to the floor: thin lines every ``GRID`` units and a faint checker, fading with distance."""
    thick = 0.012 + reach / 60000.0
    line = (np.abs(x / GRID - np.round(x / GRID)) < thick) | (np.abs(y / GRID - np.round(y / GRID)) < thick)
    checker = ((np.floor(x / GRID) + np.floor(y / GRID)) % 2) * 7.0 - 3.5
    return np.asarray(np.where(line, -16.0, checker) * np.clip(1.3 - reach / 1500.0, 0, 1))


def _distance(camera: Camera, player: PlayerState) -> float:
    return math.dist((camera.x, camera.y, camera.z), (player.x, player.y, player.z))


def project(camera: Camera, point: tuple[float, float, float], size: tuple[int, int]) -> tuple[float, float] | None:
    """Where a world point falls on the frame, in pixels; None behind the camera."""
    dx, dy, dz = point[0] - camera.x, point[1] - camera.y, point[2] - camera.z
    pitch, yaw = math.radians(camera.pitch), math.radians(camera.yaw)
    flat = dx * math.cos(yaw) + dy * math.sin(yaw)
    right = dx * math.sin(yaw) - dy * math.cos(yaw)
    depth = flat * math.cos(pitch) - dz * math.sin(pitch)
    rise = flat * math.sin(pitch) + dz * math.cos(pitch)
    if depth < 8.0:
        return None
    focal = size[0] / 2 / TAN_HALF_FOV
    return size[0] / 2 + right / depth * focal, size[1] / 2 - rise / depth * focal


def _draw_player(
    draw: ImageDraw.ImageDraw, camera: Camera, player: PlayerState, size: tuple[int, int], named: bool
) -> None:
    distance = _distance(camera, player)
    tall = 72.0 - 18.0 * player.duck
    feet = project(camera, (player.x, player.y, player.z), size)
    top = project(camera, (player.x, player.y, player.z + tall), size)
    if feet is None or top is None or distance > FAR or not -0.2 * size[0] < feet[0] < 1.2 * size[0]:
        return
    height = max(3.0, feet[1] - top[1])
    middle, half, head = (feet[0] + top[0]) / 2, height * 0.155, height * 0.085
    mist = min(0.6, distance / FAR)
    body = tuple(round(value + (190 - value) * mist) for value in _BODY[player.side])
    dark = tuple(round(value * 0.62) for value in body)
    draw.ellipse(
        (middle - half * 1.3, feet[1] - height * 0.03, middle + half * 1.3, feet[1] + height * 0.04), (0, 0, 0, 70)
    )
    for leg in (-0.62, 0.08):
        draw.rounded_rectangle(
            (middle + half * leg, top[1] + height * 0.5, middle + half * (leg + 0.54), feet[1]), half * 0.2, dark
        )
    draw.rounded_rectangle(
        (middle - half, top[1] + height * 0.16, middle + half, top[1] + height * 0.56), half * 0.5, body
    )
    draw.ellipse((middle - head, top[1], middle + head, top[1] + head * 2.1), body, dark)
    if named:
        label = max(9, round(size[0] / 150))
        colour = (170, 212, 255) if player.side == "CT" else (242, 202, 108)
        draw.text((middle, top[1] - label * 0.8), player.name, font=font(label), fill=colour, anchor="ms")
