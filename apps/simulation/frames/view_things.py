"""Small things that lie or fly about: the bomb, grenades in the air."""

from apps.simulation.frames.lens import Lens, Vector
from apps.simulation.frames.view_canvas import Canvas
from apps.simulation.happenings import Bomb, Missile

_BOMB = (118, 92, 58)
_SCREEN = (40, 44, 46)
_BEEP_TICKS = 48
_MISSILES = {
    "smokegrenade": (92, 110, 88),
    "flashbang": (120, 126, 132),
    "hegrenade": (66, 84, 54),
    "molotov": (196, 120, 40),
    "incgrenade": (150, 70, 50),
}
_LIGHT: Vector = (0.3, 0.8, -0.5)


def draw_bomb(canvas: Canvas, lens: Lens, bomb: Bomb, tick: int) -> None:
    """A satchel on the ground; planted it blinks red."""
    if bomb.x is None or bomb.y is None or bomb.z is None or bomb.state in ("exploded", "carried"):
        return
    spot: Vector = (bomb.x, bomb.y, bomb.z)
    canvas.begin_body()
    for start, end, radius, colour in (
        ((-6.0, 0.0, 3.0), (6.0, 0.0, 3.0), 4.0, _BOMB),
        ((-3.0, -1.0, 6.0), (3.0, -1.0, 6.0), 1.8, _SCREEN),
    ):
        _stick(canvas, lens, spot, start, end, radius, colour)
    if bomb.state == "planted" and tick % _BEEP_TICKS < 12:
        _stick(canvas, lens, spot, (4.0, 0.0, 8.0), (4.0, 0.0, 8.5), 1.6, (255, 40, 30))


def draw_missile(canvas: Canvas, lens: Lens, missile: Missile) -> None:
    canvas.begin_body()
    colour = _MISSILES.get(missile.kind, (110, 112, 84))
    _stick(canvas, lens, (missile.x, missile.y, missile.z), (0, 0, -2.5), (0, 0, 2.5), 2.4, colour)


def _stick(
    canvas: Canvas,
    lens: Lens,
    spot: Vector,
    start: Vector,
    end: Vector,
    radius: float,
    colour: tuple[int, int, int],
) -> None:
    first, last = (lens.project((spot[0] + x, spot[1] + y, spot[2] + z)) for x, y, z in (start, end))
    if first is not None and last is not None:
        canvas.stick(first, last, (radius, radius), lens.focal, colour, _LIGHT, lit=True)
