"""Collects what happens while a match is played and makes the ``MatchTruth`` of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from apps.simulation.layouts.layout import Layout
from apps.simulation.truth.match import Event, Header, MatchTruth, Participant, Team
from apps.simulation.truth.tables import TABLES
from apps.simulation.truth.tracks import TRACKS, Tracks, blank

# A keyframe has one such row per player; area is the index of the layout's area, −1 unknown.
POSE = ("x", "y", "z", "yaw", "pitch", "duck", "area", "walking")
Pose = tuple[float, float, float, float, float, float, float, float]
_SMOOTH = ("x", "y", "z", "yaw", "pitch", "duck")
Mark = dict[str, Any]


@dataclass
class Segment:
    """Poses without a jump in between: the ticks, and per tick one row per player."""

    ticks: list[int] = field(default_factory=list)
    poses: list[Sequence[Pose]] = field(default_factory=list)


class Chronicle:
    """Everything is appended with its tick; ``mark`` and ``rewind`` take a stretch back."""

    def __init__(self, players: int) -> None:
        self.players = players
        self.events: list[Event] = []
        self.changes: dict[tuple[str, int], list[tuple[int, float]]] = {}
        self.segments: list[Segment] = []
        self.rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in TABLES}

    def set(self, tick: int, player: int, name: str, value: float) -> None:
        """From ``tick`` on ``TRACKS[name]`` of that player has that value."""
        self.changes.setdefault((name, player), []).append((tick, value))

    def event(self, tick: int, event: str, **fields: int | float | str | bool) -> None:
        self.events.append(Event(tick, event, fields))

    def row(self, table: str, *values: Any) -> None:
        self.rows[table].append(values)

    def cut(self) -> None:
        """What comes next is not interpolated from what was before."""
        self.segments.append(Segment())

    def pose(self, tick: int, poses: Sequence[Pose]) -> None:
        segment = self.segments[-1]
        if segment.ticks and segment.ticks[-1] >= tick:
            return
        segment.ticks.append(tick)
        segment.poses.append(poses)

    def mark(self) -> Mark:
        return {
            "events": len(self.events),
            "changes": {key: len(values) for key, values in self.changes.items()},
            "rows": {key: len(values) for key, values in self.rows.items()},
            "segments": len(self.segments),
            "last": len(self.segments[-1].ticks) if self.segments else 0,
        }

    def rewind(self, mark: Mark) -> None:
        """Forget everything after ``mark``."""
        del self.events[mark["events"] :]
        for key, values in self.changes.items():
            del values[mark["changes"].get(key, 0) :]
        for name, rows in self.rows.items():
            del rows[mark["rows"][name] :]
        del self.segments[mark["segments"] :]
        if self.segments:
            del self.segments[-1].ticks[mark["last"] :]
            del self.segments[-1].poses[mark["last"] :]

    def truth(
        self,
        header: Header,
        seed: int,
        participants: list[Participant],
        layout: Layout,
        convars: dict[str, str],
        end_tick: int,
    ) -> MatchTruth:
        """The match up to and with ``end_tick``."""
        places = ["", *sorted({area.place for area in layout.areas})]
        tracks = blank(np.arange(0, end_tick + 1), self.players)
        _discrete(tracks, self.changes)
        area = _poses(tracks, self.segments)
        _from_areas(tracks, area, layout, places)
        _velocities(tracks, self.segments)
        return MatchTruth(
            header=header,
            seed=seed,
            participants=participants,
            places=places,
            convars=convars,
            tracks=tracks,
            events=sorted((event for event in self.events if event.tick <= end_tick), key=lambda event: event.tick),
            tables={name: _table(name, rows) for name, rows in self.rows.items()},
        )


def _table(name: str, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=TABLES[name], orient="row", strict=False)
    first = next((key for key in ("tick", "from_tick", "start_tick", "number") if key in TABLES[name]), None)
    return frame.sort(first, maintain_order=True) if first else frame


def _discrete(tracks: Tracks, changes: dict[tuple[str, int], list[tuple[int, float]]]) -> None:
    count = len(tracks.ticks)
    for (name, player), values in changes.items():
        table = np.array(values, dtype=np.float64).reshape(-1, 2)
        table = table[np.argsort(table[:, 0], kind="stable")]
        starts = np.clip(table[:, 0].astype(np.int64), 0, count)
        lengths = np.diff(np.append(starts, count))
        column = np.repeat(table[:, 1], lengths)
        tracks.fields[name][count - len(column) :, player] = column.astype(TRACKS[name])


def _poses(tracks: Tracks, segments: list[Segment]) -> np.ndarray:
    """Fill the poses and return the area index per tick and player; every segment lasts until the next one begins."""
    count, players = tracks.fields["x"].shape
    area = np.full((count, players), -1, np.int32)
    used = [segment for segment in segments if segment.ticks]
    for index, segment in enumerate(used):
        first = segment.ticks[0]
        end = min(count, used[index + 1].ticks[0] if index + 1 < len(used) else count)
        if end <= first:
            continue
        now = np.arange(first, end)
        keys = np.array(segment.ticks, dtype=np.float64)
        poses = np.array(segment.poses, dtype=np.float64)  # keys × players × POSE
        row = np.searchsorted(keys, now, side="right") - 1
        area[first:end] = poses[row, :, POSE.index("area")].astype(np.int32)
        tracks.fields["walking"][first:end] = poses[row, :, POSE.index("walking")] > 0.5
        poses[:, :, POSE.index("yaw")] = np.unwrap(poses[:, :, POSE.index("yaw")], axis=0, period=360.0)
        after = np.minimum(row + 1, len(keys) - 1)
        span = np.maximum(keys[after] - keys[row], 1.0)
        share = np.where(after > row, (now - keys[row]) / span, 0.0)[:, None]
        for name in _SMOOTH:
            values = poses[:, :, POSE.index(name)]
            smooth = values[row] * (1.0 - share) + values[after] * share
            if name == "yaw":
                smooth = (smooth + 180.0) % 360.0 - 180.0
            tracks.fields[name][first:end] = smooth
    tracks.fields["on_ground"][:] = True
    return area


def _from_areas(tracks: Tracks, area: np.ndarray, layout: Layout, places: list[str]) -> None:
    """Place and zones follow from the area somebody stands in."""
    place_of = np.array([places.index(one.place) for one in layout.areas] + [0], dtype=np.int16)
    tracks.fields["place"][:] = place_of[area]
    zones = np.zeros((3, len(layout.areas) + 1), dtype=np.bool_)
    zones[0, [*layout.site_a, *layout.site_b]] = True
    zones[1, list(layout.buy_t)] = True
    zones[2, list(layout.buy_ct)] = True
    team = tracks.fields["team"]
    tracks.fields["in_bomb_zone"][:] = zones[0][area]
    tracks.fields["in_buy_zone"][:] = np.where(team == Team.T, zones[1][area], zones[2][area] & (team == Team.CT))


def _velocities(tracks: Tracks, segments: list[Segment]) -> None:
    """Units a second, from one tick to the next; none across a jump and none for the dead."""
    jumps = [segment.ticks[0] for segment in segments if segment.ticks]
    alive = tracks.fields["health"] > 0
    for axis in "xyz":
        speed = np.zeros(tracks.fields[axis].shape, np.float32)
        speed[1:] = np.diff(tracks.fields[axis], axis=0) * np.float32(64.0)
        speed[[jump for jump in jumps if jump < len(speed)]] = 0.0
        tracks.fields["v" + axis][:] = np.where(alive, speed, np.float32(0.0))
