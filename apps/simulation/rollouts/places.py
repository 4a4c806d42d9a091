"""A map worked out for roll-outs: five spots in every area, who sees whom between them, ways, and where to hide."""

from functools import lru_cache

import numpy as np

from apps.simulation.match.ground import EYE
from apps.simulation.match.knowledge import SIGHT_RANGE
from apps.simulation.match.terrain import Terrain

SPOTS = 5  # per area: the middle and the four quarter points
STRAIGHT = 0.89  # ways cut corners: their length over that from middle to middle, on average over both maps
_SHARES = np.array([(0.5, 0.5), (0.2, 0.2), (0.8, 0.8), (0.2, 0.8), (0.8, 0.2)])


class Places:
    """Node ``area · SPOTS + spot``. ``sight`` is the distance in units where two nodes see each other, else 0."""

    def __init__(self, terrain: Terrain) -> None:
        ground = terrain.ground
        self.terrain, self.ground, self.areas = terrain, ground, ground.count
        spots = ground.low[:, None, :] + (ground.high - ground.low)[:, None, :] * _SHARES
        floor = np.repeat(ground.z, SPOTS)
        self.node = np.column_stack([spots.reshape(-1, 2), floor]).astype(np.float32)
        self.sight = self._sight()
        self.distance = np.minimum(ground.distance, 99_999.0).astype(np.float32)
        self.following = self._following()
        self.length = STRAIGHT * self.distance[np.arange(self.areas)[:, None], self.following]
        self.middle = ground.middle.astype(np.float32)
        self.site_names = list(terrain.sites)
        sites = list(terrain.sites.values())
        self.centre = np.array([site.centre for site in sites])
        self.in_site = np.array([[area in site.areas for area in range(self.areas)] for site in sites])
        self.site_areas = _table([site.areas for site in sites])
        self.holds = _table([site.holds for site in sites])
        self.after = _table([site.after for site in sites])
        self.entries = _table([site.entries for site in sites])
        self.staging = _table([site.staging for site in sites])
        self.retake = np.array([site.retake for site in sites])
        self.near_site = self.distance[:, self.centre].argmin(axis=1)
        self.hideout = self._hideouts()

    def _sight(self) -> np.ndarray:
        eyes = self.node + np.array([0.0, 0.0, EYE], np.float32)
        count = len(eyes)
        sight = np.zeros((count, count), np.float32)
        for one in range(count):
            away = np.linalg.norm(eyes[one + 1 :] - eyes[one], axis=1)
            near = np.flatnonzero(away < SIGHT_RANGE)
            if len(near):
                free = near[self.ground.clear(np.repeat(eyes[one : one + 1], len(near), 0), eyes[one + 1 + near])]
                sight[one, one + 1 + free] = sight[one + 1 + free, one] = np.maximum(away[free], 1.0)
        same = np.arange(count)
        sight[same, same] = 60.0
        return sight

    def _following(self) -> np.ndarray:
        """Per area and goal the neighbour on the shortest way (the area itself where there is none)."""
        following = np.tile(np.arange(self.areas)[:, None], (1, self.areas))
        for area, portals in enumerate(self.ground.portals):
            near = np.array(sorted(portals), dtype=int)
            if len(near):
                total = self.distance[area, near][:, None] + self.distance[near]
                following[area] = near[total.argmin(axis=0)]
        following[np.arange(self.areas), np.arange(self.areas)] = np.arange(self.areas)
        return following

    def _hideouts(self) -> np.ndarray:
        """Per own area and the danger's area the hideout that ``match.errands.hide`` would take."""
        hideouts = np.array(self.terrain.hideouts)
        away = np.minimum(self.distance[hideouts], 2_500.0)  # hideouts × danger
        worth = away[None, :, :] - 0.5 * self.distance[:, hideouts][:, :, None]
        return np.asarray(hideouts[worth.argmax(axis=1)])

    def node_at(self, area: int, x: float, y: float) -> int:
        """The spot of an area nearest to a point."""
        spots = self.node[area * SPOTS : (area + 1) * SPOTS, :2]
        return area * SPOTS + int(((spots - (x, y)) ** 2).sum(axis=1).argmin())


def _table(rows: list[tuple[int, ...]]) -> np.ndarray:
    """Rows of different lengths repeated to a common multiple, so that ``index % width`` means ``index % length``."""
    width = int(np.lcm.reduce([len(row) for row in rows]))
    return np.array([np.resize(row, width) for row in rows])


@lru_cache(maxsize=8)
def places_of(terrain: Terrain) -> Places:
    """Worked out once per terrain (about a second)."""
    return Places(terrain)
