"""What stands before the camera: the map, the other players, smoke and fire, the bomb, and the viewer's own hands."""

import math
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw

from apps.simulation.frames.caster import NOTHING, Scene, cast
from apps.simulation.frames.caster_edges import edges
from apps.simulation.frames.caster_light import BIAS
from apps.simulation.frames.caster_picture import Painter
from apps.simulation.frames.lens import Lens
from apps.simulation.frames.pen import font
from apps.simulation.frames.view_backdrop import backdrop
from apps.simulation.frames.view_bodies import draw_body, gun_tip
from apps.simulation.frames.view_canvas import Canvas
from apps.simulation.frames.view_effects import draw_fire, draw_flash, draw_smoke
from apps.simulation.frames.view_enlarging import enlarged, packed_of
from apps.simulation.frames.view_things import draw_bomb, draw_missile
from apps.simulation.frames.view_weapon import scope_mask, weapon_picture
from apps.simulation.layouts.layout import Layout
from apps.simulation.playback import CHASE_DISTANCE, Camera
from apps.simulation.recording import Moment, PlayerState

FAR = 6000.0  # players farther away are not drawn
RAYS = (640, 360)  # the map is drawn with this many rays and enlarged
FINE_RAYS = (960, 540)  # for frames wider than 1280
BACKDROP_RAYS = (320, 180)
BLACK_SCOPES = ("awp", "ssg08", "scar20", "g3sg1")
ZOOM = {"aug": 2.4, "sg556": 2.4}
SNIPER_ZOOM = math.tan(math.radians(45)) / math.tan(math.radians(20))
_NAMES = {"CT": (170, 212, 255), "T": (242, 202, 108)}


def draw_view(
    moment: Moment,
    viewer: PlayerState,
    camera: Camera,
    map_name: str,
    size: tuple[int, int],
    layout: Layout | None = None,
    first_person: bool = True,
    hands: bool = True,
) -> Image.Image:
    """The frame without its HUD.

    Without a ``layout`` the map is a neutral backdrop, and enemies show while the recording says they are seen.
    ``hands`` are the viewer's own.
    """
    lens = Lens(camera, *size, zoom=zoom_of(viewer) if first_person else 1.0)
    painter = _painter(layout) if layout is not None else None
    canvas = _open(lens, painter, viewer.z, map_name)
    shown = _people(canvas, lens, moment, viewer, first_person, painter)
    _things(canvas, lens, moment, viewer)
    image = canvas.picture()
    draw = ImageDraw.Draw(image, "RGBA")
    for player in shown:
        if player.side == viewer.side and player.slot != viewer.slot:
            _write_name(draw, canvas, lens, player)
    if first_person and hands and viewer.alive:
        _hold(image, moment, viewer)
    _blind(image, viewer)
    return image


def camera_of(player: PlayerState, first_person: bool = True) -> Camera:
    """The player's eyes, or a camera behind them."""
    x, y, z = player.eye
    back = 0.0 if first_person else CHASE_DISTANCE
    angle = math.radians(player.yaw)
    return Camera(x - back * math.cos(angle), y - back * math.sin(angle), z, player.pitch, player.yaw)


def project(camera: Camera, point: tuple[float, float, float], size: tuple[int, int]) -> tuple[float, float] | None:
    """Where a world point falls on the frame of somebody not looking through a scope; None behind the camera."""
    seen = Lens(camera, *size).project(point)
    return None if seen is None else seen[:2]


def zoom_of(player: PlayerState) -> float:
    """How much a scope enlarges what the player sees (the first step of a sniper's scope)."""
    if not player.scoped or not player.active_weapon:
        return 1.0
    return SNIPER_ZOOM if player.active_weapon in BLACK_SCOPES else ZOOM.get(player.active_weapon, 1.0)


@lru_cache(maxsize=1)
def _painters() -> dict[str, tuple[Layout, Painter]]:
    return {}


def _painter(layout: Layout) -> Painter:
    """Made once per layout and kept."""
    known = _painters().get(layout.name)
    if known is None or known[0] is not layout:
        known = (layout, Painter.of(Scene.of(layout)))
        _painters()[layout.name] = known
    return known[1]


def _open(lens: Lens, painter: Painter | None, floor: float, map_name: str) -> Canvas:
    if painter is None:
        coarse = lens.sized(*BACKDROP_RAYS)
        packed = packed_of(backdrop(coarse, floor, map_name), np.full(BACKDROP_RAYS[::-1], 255, np.uint8))
        depth = np.full(BACKDROP_RAYS[::-1], NOTHING, np.float32)
    else:
        coarse = lens.sized(*(RAYS if lens.width <= 1280 else FINE_RAYS))
        found = cast(painter.scene, coarse)
        packed, depth = painter.paint(found, coarse), found.depth
    picture = enlarged(packed, lens.width, lens.height)
    if painter is not None and picture.shape == (2 * coarse.height, 2 * coarse.width):
        sharp = edges(painter.scene, found, coarse)
        picture[sharp.rows, sharp.columns] = painter.paint(sharp.found, coarse)[0]
    return Canvas(picture, depth)


def _people(
    canvas: Canvas, lens: Lens, moment: Moment, viewer: PlayerState, first_person: bool, painter: Painter | None
) -> list[PlayerState]:
    """Draw the living and the fallen, far ones first; returns the living of whom something was seen."""
    others = list(moment.players.values())
    if first_person:
        others = [player for player in others if player.slot != viewer.slot]
    if painter is None:  # no wall hides anybody; what the game itself noted is the next best
        others = [player for player in others if player.spotted or player.side == viewer.side]
    shown = []
    for player in sorted(others, key=lambda other: -math.dist(lens.eye, other.eye)):
        near = math.dist(lens.eye, player.eye) < FAR
        if near and draw_body(canvas, lens, player, _in_sun(painter, player)) and player.alive:
            shown.append(player)
    return shown


def _in_sun(painter: Painter | None, player: PlayerState) -> bool:
    if painter is None:
        return True
    x, y, z = (np.array([value], np.float32) for value in (player.x, player.y, player.z + 60))
    return bool(painter.shadows.lit(x, y, z, BIAS[2:])[0])


def _things(canvas: Canvas, lens: Lens, moment: Moment, viewer: PlayerState) -> None:
    few = lens.sized(canvas.depth.shape[1] // 2, canvas.depth.shape[0] // 2)
    if moment.bomb is not None and moment.bomb.x is not None:
        draw_bomb(canvas, lens, moment.bomb, moment.tick)
    for missile in moment.missiles:
        draw_missile(canvas, lens, missile)
    for fire in sorted(moment.fires, key=lambda burning: -math.dist(lens.eye, (burning.x, burning.y, burning.z))):
        draw_fire(canvas, few, fire)
    for shot in moment.gun_shots:
        shooter = moment.players.get(shot.slot)
        if shooter is not None and shooter.slot != viewer.slot and shooter.alive:
            draw_flash(canvas, few, gun_tip(shooter), 13.0 - 3.0 * shot.age)
    for smoke in sorted(moment.smokes, key=lambda cloud: -math.dist(lens.eye, (cloud.x, cloud.y, cloud.z))):
        draw_smoke(canvas, few, smoke)


def _write_name(draw: ImageDraw.ImageDraw, canvas: Canvas, lens: Lens, player: PlayerState) -> None:
    """A mate's name over their head, as far as they can be seen."""
    head = lens.project((player.x, player.y, player.z + 78.0 - 18.0 * player.duck))
    if head is None or canvas.hides(head[0], head[1], head[2] - 24):
        return
    size = max(9, round(lens.width / 150))
    red, green, blue = _NAMES[player.side]
    draw.text((head[0] + 1, head[1] + 1), player.name, font=font(size), fill=(0, 0, 0, 150), anchor="ms")
    draw.text((head[0], head[1]), player.name, font=font(size), fill=(red, green, blue, 255), anchor="ms")


def _hold(image: Image.Image, moment: Moment, viewer: PlayerState) -> None:
    """The weapon in hand (lower while it is reloaded, swaying with the steps, kicked by a shot), or the scope."""
    short = viewer.active_weapon
    if short is None:
        return
    if viewer.scoped and short in BLACK_SCOPES:
        image.paste((0, 0, 0), (0, 0), scope_mask(image.size))
        return
    picture, (left, top) = weapon_picture(short, viewer.side, image.size)
    unit = image.width / 1920
    stride = min(1.0, viewer.speed / 230.0)
    step = (viewer.x + viewer.y) / 28.0
    left += round(unit * 10 * stride * math.sin(step))
    top += round(unit * 8 * stride * (1 - abs(math.cos(step))) + unit * (110 if viewer.reloading else 0))
    fired = min((shot.age for shot in moment.gun_shots if shot.slot == viewer.slot), default=None)
    if fired is not None:
        left, top = left + round(unit * 10), top + round(unit * 14)
    image.paste(picture, (left, top), picture)


def _blind(image: Image.Image, viewer: PlayerState) -> None:
    """White while a flash works: wholly at first, thinning out in the last two seconds."""
    white = min(1.0, viewer.flash_left / 2.0) ** 0.8 if viewer.flash_left > 0 else 0.0
    if white > 0.01:
        image.paste((255, 255, 255), (0, 0), Image.new("L", image.size, round(255 * white)))
