"""The other players as shaded bodies: rounded limbs put together, hidden by whatever stands before them."""

import math
from dataclasses import dataclass

from apps.simulation.frames.caster_light import SUN
from apps.simulation.frames.lens import Lens, Vector
from apps.simulation.frames.view_canvas import Canvas
from apps.simulation.items import Place, item
from apps.simulation.recording import PlayerState

Colour = tuple[int, int, int]
_SHOULDER = 55.0  # height around which arms, weapon and head tilt
_SNIPERS = ("awp", "ssg08", "scar20", "g3sg1")
_FAINT = 12.0  # pixels of height below which a body is drawn with fewer parts
_CLOTHES: dict[str, dict[str, Colour]] = {
    "CT": {
        "legs": (46, 52, 62),
        "boots": (30, 30, 32),
        "body": (52, 70, 98),
        "vest": (40, 46, 54),
        "arms": (58, 78, 108),
        "hand": (34, 36, 40),
        "head": (44, 52, 64),
        "cap": (58, 66, 78),
    },
    "T": {
        "legs": (96, 88, 62),
        "boots": (58, 46, 34),
        "body": (168, 132, 84),
        "vest": (98, 76, 46),
        "arms": (176, 140, 92),
        "hand": (150, 112, 84),
        "head": (132, 98, 72),
        "cap": (112, 92, 62),
    },
}
_GUN: Colour = (36, 36, 38)
_MIDDLE = 36.0  # height of a body's middle
_LYING = 5.0  # height of the spine of somebody on their back


@dataclass(frozen=True)
class Limb:
    """A rounded stick between two points given as (ahead, left, up) of the player."""

    start: Vector
    end: Vector
    thick: float  # radii
    thin: float
    kind: str
    tilts: bool = False  # follows where the player looks up or down


def draw_body(canvas: Canvas, lens: Lens, player: PlayerState, lit: bool) -> bool:
    """Draw one player, the dead as they lie; False when nothing of them was on the picture."""
    feet = lens.project((player.x, player.y, player.z))
    chest = lens.project((player.x, player.y, player.z + 50))
    if feet is None or chest is None:
        return False
    height = 72.0 * lens.focal / chest[2]
    if not -height < chest[0] < lens.width + height or height < 2:
        return False
    middle = chest[1] + 0.2 * height
    if canvas.walled(chest[0] - height, chest[0] + height, middle - height, middle + height, chest[2] - 50):
        return False
    drawn = False
    canvas.begin_body()
    sun = _sun_seen(lens)
    clothes = _CLOTHES[player.side]
    limbs = _limbs(player, height < _FAINT) if player.alive else _fallen_limbs(player)
    for limb in sorted(limbs, key=lambda part: -_depth(lens, player, part)):
        colour = clothes.get(limb.kind, _GUN)
        start, end = (lens.project(_placed(player, point, limb.tilts)) for point in (limb.start, limb.end))
        if start is not None and end is not None:
            drawn |= canvas.stick(start, end, (limb.thick, limb.thin), lens.focal, colour, sun, lit)
    return drawn


def _sun_seen(lens: Lens) -> Vector:
    right, up, ahead = (
        sum(a * b for a, b in zip(SUN, axis, strict=True)) for axis in (lens.right, lens.up, lens.ahead)
    )
    return right, up, ahead


def _depth(lens: Lens, player: PlayerState, limb: Limb) -> float:
    middle: Vector = tuple((a + b) / 2 for a, b in zip(limb.start, limb.end, strict=True))  # type: ignore[assignment]
    return lens.seen(_placed(player, middle, limb.tilts))[2]


def _placed(player: PlayerState, point: Vector, tilts: bool) -> Vector:
    """From the player's own axes into the world."""
    ahead, left, up = point
    if tilts:
        angle = math.radians(max(-60.0, min(60.0, player.pitch)) * 0.85)
        rise = up - _SHOULDER
        ahead, up = (
            ahead * math.cos(angle) + rise * math.sin(angle),
            _SHOULDER + rise * math.cos(angle) - ahead * math.sin(angle),
        )
    if player.alive:
        up -= player.duck * 18.0 * min(1.0, up / 36.0)
    else:  # on their back, the middle of the body where they stood
        ahead, up = _MIDDLE - up, _LYING + 0.5 * ahead
    yaw = math.radians(player.yaw)
    return (
        player.x + ahead * math.cos(yaw) - left * math.sin(yaw),
        player.y + ahead * math.sin(yaw) + left * math.cos(yaw),
        player.z + up,
    )


def _limbs(player: PlayerState, few: bool) -> list[Limb]:
    limbs = [
        Limb((0, -3, 38), (0, 3, 38), 6.2, 6.2, "legs"),
        Limb((0, 0, 42), (1, 0, 56), 7.4, 8.2, "body"),
        Limb((1, 0, 60), (2.2, 0, 66), 4.0, 4.8, "head", True),
        *_legs(player),
    ]
    if not few:
        limbs += [
            Limb((2.6, 0, 45), (3, 0, 54), 7.0, 6.8, "vest"),
            Limb((0, -8, 57), (0, 8, 57), 4.2, 4.2, "body"),
            Limb((0.6, 0, 67), (1.6, 0, 68), 5.3, 5.2, "cap", True),
        ]
    return limbs + _arms(player, few)


def _fallen_limbs(player: PlayerState) -> list[Limb]:
    """Arms spread, legs apart, nothing in hand; which way each lies a little depends on the spot."""
    turn = math.sin(player.x * 0.7 + player.y * 1.3)
    trunk = [limb for limb in _limbs(player, few=False) if limb.kind in ("body", "vest", "head", "cap")]
    spread = [
        Limb((0, side * 8.5, 56), (1, side * (17 + 3 * turn), 48 + 8 * side * turn), 3.8, 3.2, "arms")
        for side in (-1, 1)
    ]
    hands = [Limb(arm.end, (2, arm.end[1] * 1.35, arm.end[2] + 9 * turn), 3.2, 2.6, "arms") for arm in spread]
    legs = []
    for side in (-1, 1):
        knee: Vector = (3 + 4 * max(0.0, side * turn), side * 8.0, 20.0)
        legs += [
            Limb((0, side * 4.0, 37), knee, 5.4, 4.4, "legs"),
            Limb(knee, (0, side * 10.0, 3.0), 4.4, 3.2, "legs"),
            Limb((0, side * 10.0, 3.0), (5, side * 12.0, 1.0), 3.0, 2.4, "boots"),
        ]
    return [*trunk, *legs, *spread, *hands]


def _legs(player: PlayerState) -> list[Limb]:
    """Striding as far as the player's speed says, in step with the way walked."""
    stride = min(1.0, player.speed / 230.0) * 11.0
    phase = math.sin((player.x + player.y) / 14.0)
    limbs: list[Limb] = []
    bend = 8.0 * player.duck
    for side, swing in ((-1, phase), (1, -phase)):
        left = 5.0 * side
        knee: Vector = (3 + stride * swing * 0.6 + bend, left * 1.2, 20.0)
        ankle: Vector = (-1 + stride * swing, left * 1.25, 4.0 + max(0.0, -swing) * stride * 0.3)
        limbs += [
            Limb((0, left * 0.8, 37), knee, 5.4, 4.4, "legs"),
            Limb(knee, ankle, 4.4, 3.2, "legs"),
            Limb(ankle, (ankle[0] + 7, left * 1.4, ankle[2] - 1.5), 3.0, 2.4, "boots"),
        ]
    return limbs


def _arms(player: PlayerState, few: bool) -> list[Limb]:
    """Both arms on what is in hand."""
    held = item(player.active_weapon) if player.active_weapon else None
    place = held.place if held else Place.MELEE
    right: Vector = (13, -4, 51)
    other: Vector = (20, 0, 52) if place is Place.PRIMARY else (15, -2, 51)
    limbs = [
        Limb((0, -8.5, 56), (5, -11, 47), 4.0, 3.4, "arms", True),
        Limb((5, -11, 47), right, 3.4, 2.6, "arms", True),
        Limb((0, 8.5, 56), (8, 9, 46), 4.0, 3.4, "arms", True),
        Limb((8, 9, 46), other, 3.4, 2.6, "arms", True),
    ]
    if not few:
        limbs += [Limb(hand, hand, 2.9, 2.9, "hand", True) for hand in (right, other)]
    if place is Place.PRIMARY:
        tip = 44.0 if held and held.short in _SNIPERS else 36.0
        limbs += [
            Limb((4, -4, 54), (22, -1, 54), 2.3, 2.0, "gun", True),
            Limb((20, -1.3, 54.3), (tip, 0, 54.5), 1.2, 0.9, "gun", True),
            Limb((15, -2.5, 52), (17, -2.2, 46), 1.5, 1.2, "gun", True),
        ]
    elif place is Place.PISTOL:
        limbs.append(Limb((14, -3, 54), (22, -2.4, 54.4), 1.4, 1.2, "gun", True))
    elif place is Place.BOMB:
        limbs.append(Limb((16, -4, 52), (16, 2, 52), 3.2, 3.2, "vest", True))
    elif place is Place.GRENADE:
        limbs.append(Limb((14, -4, 54), (14, -4, 56), 2.2, 2.2, "gun", True))
    else:
        limbs.append(Limb((14, -4, 53), (22, -3, 55), 0.9, 0.5, "gun", True))
    return limbs


def gun_tip(player: PlayerState) -> Vector:
    """Where a shot leaves the barrel."""
    return _placed(player, (38, 0, 54.5), True)
