"""What a layout means for play: approaches to the sites, spots that hold them, spots after the plant."""

from dataclasses import dataclass

import numpy as np

from apps.simulation.match.ground import Ground

_NEAR, _FAR = 350.0, 1500.0


@dataclass(frozen=True)
class Site:
    """One bomb site. ``approaches`` are routes (area indices) from the T spawn, the direct one first."""

    name: str
    areas: tuple[int, ...]
    centre: int
    approaches: tuple[tuple[int, ...], ...]
    staging: tuple[int, ...]  # per approach, where Ts gather
    entries: tuple[int, ...]  # where Ts come into view
    holds: tuple[int, ...]  # for CTs before the plant, the best first
    after: tuple[int, ...]  # for Ts after the plant
    retake: int  # where CTs gather


class Terrain:
    """Worked out once per layout."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        layout = ground.layout
        self.spawn_t = ground.area_at(*layout.spawns_t[0][:3])
        self.spawn_ct = ground.area_at(*layout.spawns_ct[0][:3])
        self.sites = {"A": self._site("A", layout.site_a), "B": self._site("B", layout.site_b)}
        between = [self.spawn_t, *ground.route(self.spawn_t, self.spawn_ct)]
        self.middle = min(
            between, key=lambda area: abs(ground.distance[self.spawn_t, area] - ground.distance[area, self.spawn_ct])
        )
        self.middle_t = self._overlooking(self.spawn_t, self.spawn_ct)
        self.middle_ct = self._overlooking(self.spawn_ct, self.spawn_t)
        self.hideouts = self._hideouts()

    def _overlooking(self, own: int, foe: int) -> int:
        """A spot on one's own side that sees the middle and is seen from few places."""
        ground = self.ground
        away = np.linalg.norm(ground.middle - ground.middle[self.middle], axis=1)
        good = ground.sees[self.middle] & (away > _NEAR) & (away < _FAR) & (ground.distance[own] < ground.distance[foe])
        for site in self.sites.values():
            good &= ground.distance[:, list(site.staging)].min(axis=1) > 800.0  # where Ts gather anyway
        found = np.flatnonzero(good)
        return min((int(area) for area in found), key=lambda area: self._exposure(own, foe, area), default=self.middle)

    def _exposure(self, own: int, foe: int, area: int) -> float:
        """How many of the enemy's areas the worst step of the way to an area is seen from, as a share of all."""
        ground = self.ground
        theirs = ground.distance[foe] < ground.distance[own]
        return float(ground.sees[[own, *ground.route(own, area)]][:, theirs].sum(axis=1).max()) / ground.count

    def site_of(self, area: int) -> str:
        return next((name for name, site in self.sites.items() if area in site.areas), "")

    def nearest_site(self, area: int) -> str:
        return min(self.sites, key=lambda name: float(self.ground.distance[area, self.sites[name].centre]))

    def _site(self, name: str, areas: tuple[int, ...]) -> Site:
        ground = self.ground
        mean = ground.middle[list(areas)].mean(axis=0)
        centre = min(areas, key=lambda area: float(np.linalg.norm(ground.middle[area] - mean)))
        avoided = self._avoided(areas)
        direct = ground.route_with(self.spawn_t, centre, avoided)
        again = avoided.copy()
        again[direct[len(direct) // 5 : -2]] += 1_500.0
        approaches = list(dict.fromkeys((tuple(direct), tuple(ground.route_with(self.spawn_t, centre, again)))))
        staging = tuple(self._staging(route, centre) for route in approaches)
        entries = tuple(dict.fromkeys(self._entry(route, centre) for route in approaches))
        return Site(
            name,
            areas,
            centre,
            tuple(approaches),
            staging,
            entries,
            tuple(self._holds(centre, entries)),
            tuple(self._after(centre, areas)),
            self._staging([self.spawn_ct, *ground.route(self.spawn_ct, centre)], centre, 500.0),
        )

    def _avoided(self, site: tuple[int, ...]) -> np.ndarray:
        """What Ts rather walk around: the other site, and what lies at the CTs' door."""
        ground, layout = self.ground, self.ground.layout
        extra = np.where(ground.distance[self.spawn_ct] < 0.45 * ground.distance[self.spawn_t], 2_500.0, 0.0)
        extra[[*layout.site_a, *layout.site_b]] = 2_500.0
        extra[list(site)] = 0.0
        return extra

    def _staging(self, route: tuple[int, ...] | list[int], centre: int, least: float = 900.0) -> int:
        ground = self.ground
        good = [area for area in route if ground.distance[area, centre] >= least and not ground.sees[area, centre]]
        return good[-1] if good else route[len(route) // 2]

    def _entry(self, route: tuple[int, ...], centre: int) -> int:
        seen = [area for area in route if self.ground.sees[area, centre] and area != centre]
        return seen[0] if seen else route[max(0, len(route) - 2)]

    def _holds(self, centre: int, entries: tuple[int, ...]) -> list[int]:
        """Spots near the site with a view of an entry, spread out."""
        ground = self.ground
        scored = []
        for area in range(ground.count):
            if not ground.distance[area, centre] <= 1_100 or area in entries:
                continue
            behind = ground.distance[self.spawn_ct, area] < ground.distance[self.spawn_t, area]
            worth = 0.0
            for entry in entries:
                if ground.sees[area, entry]:
                    away = float(np.linalg.norm(ground.middle[area] - ground.middle[entry]))
                    worth += 1.0 if _NEAR < away < _FAR else 0.3
            worth -= 6.0 * self._exposure(self.spawn_ct, self.spawn_t, area)
            scored.append((worth + (0.4 if behind else 0.0) - ground.distance[area, centre] / 3_000, area))
        return self._spread([area for _, area in sorted(scored, reverse=True)], 6) or [centre]

    def _after(self, centre: int, areas: tuple[int, ...]) -> list[int]:
        ground = self.ground
        able = [
            area
            for area in range(ground.count)
            if ground.sees[area, centre] and 200 < ground.distance[area, centre] < 1_300
        ]
        able.sort(key=lambda area: abs(ground.distance[area, centre] - 650) + ground.distance[self.spawn_t, area] / 10)
        return self._spread(able, 6) or list(areas)

    def _spread(self, ordered: list[int], count: int) -> list[int]:
        chosen: list[int] = []
        for gap in (300.0, 120.0, 1.0):
            for area in ordered:
                far = all(np.linalg.norm(self.ground.middle[area] - self.ground.middle[one]) >= gap for one in chosen)
                if far and len(chosen) < count:
                    chosen.append(area)
        return chosen

    def _hideouts(self) -> list[int]:
        """Areas that few others see, to save weapons in."""
        exposure = self.ground.sees.sum(axis=1)
        return [int(area) for area in np.argsort(exposure, kind="stable")[: max(3, self.ground.count // 6)]]
