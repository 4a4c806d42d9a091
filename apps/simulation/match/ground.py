"""The layout as players use it: who sees what from where, and how to walk from here to there."""

import heapq
from dataclasses import dataclass

import numpy as np

from apps.simulation.layouts.layout import Layout

EYE, CROUCHED_EYE, CHEST, RADIUS, STEP = 64.0, 46.0, 44.0, 16.0, 18.0
Point = tuple[float, float, float]


@dataclass(frozen=True)
class Waypoint:
    x: float
    y: float
    area: int


class Ground:
    """Precomputed once per layout: neighbours, shortest ways, and which areas see each other."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.count = len(layout.areas)
        self.low = np.array([area.low for area in layout.areas], dtype=np.float64)
        self.high = np.array([area.high for area in layout.areas], dtype=np.float64)
        self.z = np.array([area.z for area in layout.areas], dtype=np.float64)
        self.middle = np.array([area.middle for area in layout.areas], dtype=np.float64)
        self._box_low = np.array([box.low for box in layout.boxes], dtype=np.float32).reshape(-1, 3)
        self._box_high = np.array([box.high for box in layout.boxes], dtype=np.float32).reshape(-1, 3)
        self._wooden = np.array([box.penetrable for box in layout.boxes], dtype=np.bool_)
        self.rects = [(*area.low, *area.high) for area in layout.areas]
        self.floor = [area.z for area in layout.areas]
        self.portals = self._find_portals()
        self.distance, self._next = self._shortest()
        self.sees = self._visibility()

    def _find_portals(self) -> list[dict[int, tuple[float, float, float, float]]]:
        """Per area its neighbours and the edge (x0, y0, x1, y1) one passes to get there."""
        portals: list[dict[int, tuple[float, float, float, float]]] = [{} for _ in range(self.count)]
        for a in range(self.count):
            for b in range(a + 1, self.count):
                edge = self._edge(a, b)
                linked = (a, b) in self.layout.links or (b, a) in self.layout.links
                if edge is None and linked:
                    x, y = (self.middle[a][:2] + self.middle[b][:2]) / 2
                    edge = (float(x), float(y), float(x), float(y))
                if edge is not None and (linked or abs(self.z[a] - self.z[b]) <= STEP):
                    portals[a][b] = portals[b][a] = edge
        return portals

    def _edge(self, a: int, b: int) -> tuple[float, float, float, float] | None:
        low = np.maximum(self.low[a], self.low[b])
        high = np.minimum(self.high[a], self.high[b])
        width = high - low
        if width.min() < -0.5 or width.max() < 1.5 * RADIUS:
            return None
        long = int(width.argmax())
        edge_low, edge_high = low.copy(), high.copy()
        edge_low[long] += RADIUS * 0.7
        edge_high[long] -= RADIUS * 0.7
        edge_low[1 - long] = edge_high[1 - long] = (low[1 - long] + high[1 - long]) / 2
        return float(edge_low[0]), float(edge_low[1]), float(edge_high[0]), float(edge_high[1])

    def _shortest(self) -> tuple[np.ndarray, np.ndarray]:
        distance = np.full((self.count, self.count), np.inf)
        following = np.full((self.count, self.count), -1, dtype=np.int32)
        for goal in range(self.count):
            distance[goal, goal] = 0.0
            queue = [(0.0, goal)]
            while queue:
                so_far, here = heapq.heappop(queue)
                if so_far > distance[here, goal]:
                    continue
                for near, (x0, y0, x1, y1) in self.portals[here].items():
                    gate = np.array([(x0 + x1) / 2, (y0 + y1) / 2])
                    cost = np.linalg.norm(self.middle[near][:2] - gate) + np.linalg.norm(self.middle[here][:2] - gate)
                    if so_far + cost < distance[near, goal]:
                        distance[near, goal] = so_far + cost
                        following[near, goal] = here
                        heapq.heappush(queue, (so_far + float(cost), near))
        return distance, following

    def _visibility(self) -> np.ndarray:
        """Areas from whose middle (or quarter points) somebody standing sees another's."""
        spots = []
        for share_x, share_y in ((0.5, 0.5), (0.2, 0.2), (0.8, 0.8), (0.2, 0.8), (0.8, 0.2)):
            xy = self.low + (self.high - self.low) * np.array([share_x, share_y])
            spots.append(np.column_stack([xy, self.z + EYE]))
        first, second = np.triu_indices(self.count, 1)
        sees = np.eye(self.count, dtype=np.bool_)
        for one, two in ((0, 0), (1, 2), (2, 1), (3, 4), (4, 3), (0, 1), (1, 0)):
            for start in range(0, len(first), 2000):
                part = slice(start, start + 2000)
                free = self.clear(spots[one][first[part]], spots[two][second[part]])
                sees[first[part], second[part]] |= free
                sees[second[part], first[part]] |= free
        return sees

    def clear(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Per pair of points (n × 3 each) whether no box lies between."""
        enter = np.zeros((len(starts), len(self._box_low)), dtype=np.float32)
        leave = np.ones_like(enter)
        for axis in range(3):
            start = starts[:, axis : axis + 1].astype(np.float32)
            way = ends[:, axis : axis + 1].astype(np.float32) - start
            inverse = np.float32(1.0) / np.where(np.abs(way) < 1e-6, np.float32(1e-6), way)
            near = (self._box_low[None, :, axis] - start) * inverse
            far = (self._box_high[None, :, axis] - start) * inverse
            np.maximum(enter, np.minimum(near, far), out=enter)
            np.minimum(leave, np.maximum(near, far), out=leave)
        return np.asarray(~(leave > enter).any(axis=1))

    def wooden_boxes(self, start: np.ndarray, end: np.ndarray) -> int | None:
        """How many boxes a bullet goes through between two points; None where one of them stops it."""
        way = np.where(np.abs(end - start) < 1e-6, 1e-6, end - start)
        one, other = (self._box_low - start) / way, (self._box_high - start) / way
        enter, leave = np.minimum(one, other).max(axis=1), np.maximum(one, other).min(axis=1)
        met = (np.minimum(leave, 1.0) > np.maximum(enter, 0.0)) & (leave > enter)
        return None if bool((met & ~self._wooden).any()) else int(met.sum())

    def area_at(self, x: float, y: float, z: float) -> int:
        """The area under a point, the nearest one where there is none."""
        outside = np.maximum(np.maximum(self.low - (x, y), (x, y) - self.high), 0.0).sum(axis=1)
        return int((outside * 10.0 + np.abs(self.z - z)).argmin())

    def route(self, start: int, goal: int) -> list[int]:
        """The areas on the shortest way, without the first; empty when there is none."""
        way = []
        here = start
        while here != goal:
            here = int(self._next[here, goal])
            if here < 0:
                return []
            way.append(here)
        return way

    def route_with(self, start: int, goal: int, extra: np.ndarray) -> list[int]:
        """The cheapest way, with both ends, when entering an area costs ``extra`` (units, per area) besides."""
        cost = {start: 0.0}
        before: dict[int, int] = {}
        queue = [(0.0, start)]
        while queue:
            so_far, here = heapq.heappop(queue)
            if here == goal:
                break
            if so_far > cost[here]:
                continue
            for near in self.portals[here]:
                total = so_far + float(np.linalg.norm(self.middle[near] - self.middle[here])) + float(extra[near])
                if total < cost.get(near, np.inf):
                    cost[near], before[near] = total, here
                    heapq.heappush(queue, (total, near))
        way = [goal]
        while way[-1] != start:
            way.append(before[way[-1]])
        return way[::-1]

    def way(self, x: float, y: float, area: int, goal: tuple[float, float, int]) -> list[Waypoint]:
        """Points to walk to, one after the other; every straight piece stays inside two touching areas."""
        goal_x, goal_y, goal_area = goal
        points: list[Waypoint] = []
        here = area
        for step in self.route(area, goal_area):
            x0, y0, x1, y1 = self.portals[here][step]
            x, y = _crossing(x, y, goal_x, goal_y, (x0, y0, x1, y1))
            points.append(Waypoint(x, y, here))
            x, y = self.inside(step, x, y)
            points.append(Waypoint(x, y, step))
            here = step
        if here == goal_area:
            points.append(Waypoint(*self.inside(goal_area, goal_x, goal_y), goal_area))
        return points

    def inside(self, area: int, x: float, y: float, margin: float = RADIUS) -> tuple[float, float]:
        """The point moved into the area, ``margin`` from its edges where it is wide enough."""
        x0, y0, x1, y1 = self.rects[area]
        in_x, in_y = min(margin, (x1 - x0) / 2), min(margin, (y1 - y0) / 2)
        return min(max(x, x0 + in_x), x1 - in_x), min(max(y, y0 + in_y), y1 - in_y)


def _crossing(
    x: float, y: float, goal_x: float, goal_y: float, edge: tuple[float, float, float, float]
) -> tuple[float, float]:
    """Where the line from here to the goal meets the edge, moved onto the edge."""
    x0, y0, x1, y1 = edge
    if abs(x1 - x0) > abs(y1 - y0):
        share = (y0 - y) / (goal_y - y) if abs(goal_y - y) > 1e-6 else 0.5
        at = x + (goal_x - x) * min(1.0, max(0.0, share))
        return min(max(at, x0), x1), y0
    share = (x0 - x) / (goal_x - x) if abs(goal_x - x) > 1e-6 else 0.5
    at = y + (goal_y - y) * min(1.0, max(0.0, share))
    return x0, min(max(at, y0), y1)
