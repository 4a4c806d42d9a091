"""The background of a map without geometry: a true horizon, far hills, and a floor with a grid at the player's feet."""

import math

import numpy as np

from apps.simulation.frames.lens import Lens

GRID = 128.0  # units between two lines of the floor
# sky at the top, sky at the horizon, floor near, floor far, hills
_PALETTES = [
    ((92, 140, 190), (205, 216, 222), (150, 128, 98), (196, 180, 152), (168, 150, 124)),
    ((96, 118, 142), (198, 204, 208), (104, 108, 108), (160, 164, 164), (136, 142, 146)),
    ((112, 138, 160), (214, 206, 190), (122, 112, 92), (178, 168, 146), (148, 142, 122)),
    ((84, 124, 150), (200, 214, 206), (98, 112, 92), (160, 170, 146), (126, 142, 122)),
]


def backdrop(lens: Lens, floor: float, map_name: str) -> np.ndarray:
    """An image (height, width, 3) of uint8; ``floor`` is the z of the ground the player stands on."""
    palette = _PALETTES[sum(map_name.encode()) % len(_PALETTES)]
    camera = lens.camera
    across, down = lens.leans()
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
    hidden = np.clip((ridge + slope) * np.float32(lens.focal) + 0.5, 0, 1)[..., None]  # soft over one ray
    picture = picture + (hills + (sky_low - hills) * 0.35 - picture) * hidden
    below = slope > 0.004
    reach = np.where(below, max(camera.z - floor, 8.0) / np.maximum(slope, 0.004), 0.0)
    bearing = np.hypot(east, north)
    x, y = camera.x + east / bearing * reach, camera.y + north / bearing * reach
    mist = np.clip(reach / 2600.0, 0, 1)[..., None] ** 0.6
    ground = near + (far - near) * mist + _grid(x, y, reach)[..., None] * (1 - mist)
    picture = np.where(below[..., None], ground, picture)
    return np.clip(picture, 0, 255).astype(np.uint8)


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
