"""Where the camera stands, which way its three axes point, and what falls where on the picture."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from apps.simulation.playback import Camera

# CS2's field of view is 90° at 4:3, which is 106.26° across a 16:9 frame.
TAN_HALF_FOV = math.tan(math.radians(106.26 / 2))
CLOSEST = 8.0  # nothing nearer than this is projected
Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Lens:
    """A camera with a picture of ``width`` × ``height``; ``zoom`` 1 is the naked eye."""

    camera: Camera
    width: int
    height: int
    zoom: float = 1.0

    def sized(self, width: int, height: int) -> "Lens":
        return Lens(self.camera, width, height, self.zoom)

    @property
    def eye(self) -> Vector:
        return self.camera.x, self.camera.y, self.camera.z

    @cached_property
    def ahead(self) -> Vector:
        pitch, yaw = math.radians(self.camera.pitch), math.radians(self.camera.yaw)
        return math.cos(pitch) * math.cos(yaw), math.cos(pitch) * math.sin(yaw), -math.sin(pitch)

    @cached_property
    def right(self) -> Vector:
        yaw = math.radians(self.camera.yaw)
        return math.sin(yaw), -math.cos(yaw), 0.0

    @cached_property
    def up(self) -> Vector:
        pitch, yaw = math.radians(self.camera.pitch), math.radians(self.camera.yaw)
        return math.sin(pitch) * math.cos(yaw), math.sin(pitch) * math.sin(yaw), math.cos(pitch)

    @property
    def half(self) -> float:
        """How far right a ray through the picture's right edge leans for each unit ahead."""
        return TAN_HALF_FOV / self.zoom

    @cached_property
    def focal(self) -> float:
        """Pixels per unit across at one unit of depth."""
        return self.width / 2 / self.half

    def leans(self) -> tuple[np.ndarray, np.ndarray]:
        """Per column and row, how far right and down a ray leans for each unit ahead."""
        across = (np.arange(self.width, dtype=np.float32) + np.float32(0.5 - self.width / 2)) / np.float32(self.focal)
        down = (np.arange(self.height, dtype=np.float32) + np.float32(0.5 - self.height / 2)) / np.float32(self.focal)
        return across, down

    def seen(self, point: Vector) -> Vector:
        """A world point as (right, up, depth) from the eye."""
        away = [point[axis] - self.eye[axis] for axis in range(3)]
        right, up, ahead = (
            sum(part * along for part, along in zip(away, axis, strict=True))
            for axis in (self.right, self.up, self.ahead)
        )
        return right, up, ahead

    def project(self, point: Vector) -> Vector | None:
        """Column, row and depth of a world point; None behind the camera or right before it."""
        right, up, depth = self.seen(point)
        if depth < CLOSEST:
            return None
        return self.width / 2 + right / depth * self.focal, self.height / 2 - up / depth * self.focal, depth
