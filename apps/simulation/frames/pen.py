"""Drawing in the real HUD's coordinates (1920×1080) on a frame of any size: text, boxes, masks with smooth edges.

The game's HUD grows with the frame's height and keeps to its edges, so a pen belongs to an edge or corner: ``Pen.to``.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from apps.simulation.frames.fonts import Face, face, is_thin
from apps.simulation.frames.hud_boxes import HEIGHT, WIDTH, Anchor

_FINE = 4  # letters are drawn this many times larger than shown
_DIGIT_STEP, _COLON_STEP = 0.752, 0.38  # of a digit's height, from one to the next; real "100": 21 px of 28
_DIGIT_INK = 0.645  # real "0", "3", "5", "6" of the health: 17.3 … 18.2 px of 28; "8" of the clip: 20.4 of 31
_OTHER_INK = {"1": 0.58, "4": 0.67, "$": 0.62}
_FATTER = 0.055
Colour = tuple[int, int, int, int]

WHITE: Colour = (248, 250, 252, 255)
RED: Colour = (235, 24, 24, 255)
# Of digits before black: medians of the money and the clip on a hundred frames. Before light walls they are lighter.
SIDE_COLOURS: dict[str, Colour] = {"CT": (157, 202, 247, 255), "T": (231, 193, 92, 255)}
_SHADOW = 0.15  # of black, a pixel aside


def faded(colour: Colour, alpha: float) -> Colour:
    """The same colour at ``alpha`` (0–1) of its opacity."""
    return (*colour[:3], round(colour[3] * alpha))


def font(size: int) -> Face:
    """The HUD's words at ``size`` pixels an em, for names written into the view."""
    return face("stock", False, size)


@lru_cache(maxsize=64)
def _sized(family: str, digits: bool, cap: int) -> Face:
    """The face whose capitals (or digits) are ``cap`` pixels high."""
    probe = face(family, digits, 200).getbbox("0" if digits else "H", anchor="ls")
    return face(family, digits, max(4, round(200 * cap / -probe[1])))


@lru_cache(maxsize=1024)
def _glyph(letter: str, family: str, cap: int) -> Image.Image:
    """A digit squeezed to the game's narrow cells, ``cap`` pixels high, on a canvas half as high again."""
    drawn = _sized(family, True, cap)
    thin = is_thin(family)
    stroke = round(cap * 0.045) if thin else 0
    box = drawn.getbbox(letter, anchor="ls", stroke_width=stroke)
    ink = drawn.getbbox("0", anchor="ls", stroke_width=stroke)
    raw = Image.new("L", (max(1, round(box[2] - box[0])), round(cap * 1.5)))
    draw = ImageDraw.Draw(raw)
    draw.text((-box[0], cap * 1.25), letter, font=drawn, fill=255, anchor="ls", stroke_width=stroke)
    if letter == "1" and not thin:
        # The game's 1 stands on a foot.
        foot = Image.new("L", (round((ink[2] - ink[0]) * 0.94), raw.height))
        foot.paste(raw, (max(0, round((foot.width - raw.width) * 0.42)), 0))
        bar = ImageDraw.Draw(foot)
        bar.rectangle((0, round(cap * 1.25 - cap * 0.17), foot.width, round(cap * 1.25) - 1), fill=255)
        raw = foot
    # Squeezing thins the upright strokes; laying the digit down twice, a little aside, makes them as wide as real ones.
    fat = 0 if thin or letter == "$" else round(_FATTER * cap)
    goal = _OTHER_INK.get(letter, _DIGIT_INK) if letter in "0123456789$" else _DIGIT_INK * raw.width / (ink[2] - ink[0])
    squeeze = (goal * cap - fat) / max(1, raw.width)
    narrow = raw.resize((max(1, round(raw.width * squeeze)), raw.height), Image.Resampling.BILINEAR)
    wide = Image.new("L", (narrow.width + fat, narrow.height))
    for shift in range(0, fat + 1, max(1, fat // 2)):
        wide.paste(255, (shift, 0), narrow)
    return wide


@lru_cache(maxsize=1024)
def text_mask(words: str, cap: float, digits: bool, family: str, spacing: float = 0.0) -> Image.Image:
    """``words`` as a mask (mode L) twice ``cap`` high with its capitals in the middle.

    ``digits`` sets every digit into a cell of one width; ``spacing`` is added between letters, in shares of ``cap``.
    """
    fine = max(4, round(cap * _FINE))
    height = 2 * fine
    canvas = _digit_row(words, fine, family) if digits else _word_row(words, fine, family, spacing)
    size = (max(1, round(canvas.width / _FINE)), max(1, round(height / _FINE)))
    return canvas.resize(size, Image.Resampling.BOX)


def _digit_row(words: str, fine: int, family: str) -> Image.Image:
    steps = [fine * (_COLON_STEP if letter in ":.|" else _DIGIT_STEP) for letter in words]
    gap = fine * (_DIGIT_STEP - _DIGIT_INK)
    canvas = Image.new("L", (max(1, round(sum(steps) - gap)), 2 * fine))
    x = -gap / 2
    for letter, step in zip(words, steps, strict=True):
        glyph = _glyph(letter, family, fine)
        canvas.paste(255, (round(x + (step - glyph.width) / 2), round(fine * 0.25)), glyph)
        x += step
    return canvas


def _word_row(words: str, fine: int, family: str, spacing: float) -> Image.Image:
    drawn = _sized(family, False, fine)
    stroke = round(fine * 0.03) if is_thin(family) else 0
    gap = spacing * fine
    length = drawn.getlength(words) + gap * (len(words) - 1) + 2 * stroke
    canvas = Image.new("L", (max(1, round(length)), 2 * fine))
    draw, x = ImageDraw.Draw(canvas), float(stroke)
    for part in [words] if not gap else words:
        draw.text((x, fine * 1.5), part, font=drawn, fill=255, anchor="ls", stroke_width=stroke)
        x += drawn.getlength(part) + gap
    return canvas


@lru_cache(maxsize=256)
def _blurred(words: str, cap: float, digits: bool, family: str, spacing: float) -> Image.Image:
    mask = text_mask(words, cap, digits, family, spacing)
    room = max(1, round(cap * 0.45))
    wide = Image.new("L", (mask.width + 2 * room, mask.height + 2 * room))
    wide.paste(mask, (room, room))
    soft = wide.filter(ImageFilter.GaussianBlur(max(0.6, cap * 0.14)))
    return soft.point(lambda value: min(255, value * 3))


@dataclass(frozen=True)
class Pen:
    """``unit`` is this frame's pixels for one of the HUD's; ``left`` and ``top`` are where the HUD's origin lies."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    unit: float
    left: float = 0.0
    top: float = 0.0
    family: str = "stock"
    margin: tuple[float, float] = (0.0, 0.0)  # shares of width and height kept free at the edges

    @classmethod
    def on(
        cls, image: Image.Image, scale: float = 1.0, margin: tuple[float, float] = (0.0, 0.0), family: str = "stock"
    ) -> "Pen":
        unit = image.height / HEIGHT * scale
        return cls(image, ImageDraw.Draw(image, "RGBA"), unit, family=family, margin=margin)

    def to(self, anchor: Anchor) -> "Pen":
        """The pen for what keeps to that edge or corner."""
        across, down = anchor.value
        width, height = self.image.size
        x = width * (self.margin[0] + across * (1 - 2 * self.margin[0]))
        y = height * (self.margin[1] + down * (1 - 2 * self.margin[1]))
        return replace(self, left=x - across * WIDTH * self.unit, top=y - down * HEIGHT * self.unit)

    def x(self, value: float) -> int:
        return round(self.left + value * self.unit)

    def y(self, value: float) -> int:
        return round(self.top + value * self.unit)

    def px(self, value: float) -> int:
        """A length in this frame's pixels."""
        return round(value * self.unit)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: Colour | None, radius: float = 0,
        edge: Colour | None = None, width: float = 2,
    ) -> None:  # fmt: skip
        left, top = self.x(x0), self.y(y0)
        corners = (left, top, max(self.x(x1) - 1, left), max(self.y(y1) - 1, top))
        thick = max(1, self.px(width)) if edge else 0
        if radius:
            self.draw.rounded_rectangle(corners, radius=self.px(radius), fill=fill, outline=edge, width=thick)
        else:
            self.draw.rectangle(corners, fill=fill, outline=edge, width=thick)

    def text(
        self, x: float, y: float, words: str, cap: float, fill: Colour, anchor: str = "m", digits: bool = False,
        glow: Colour | None = None, spacing: float = 0.0,
    ) -> float:  # fmt: skip
        """Words whose capitals are ``cap`` high and centred on ``y``; ``anchor`` l, m or r says what ``x`` is.

        Returns how wide they are, in HUD pixels. A soft ``glow`` lies behind them when one is given.
        """
        if not words:
            return 0.0
        key = (words, round(cap * self.unit, 2), digits, self.family, spacing)
        mask = text_mask(*key)
        left = self.x(x) - {"l": 0, "m": mask.width // 2, "r": mask.width}[anchor]
        top = self.y(y) - mask.height // 2
        if glow is not None:
            soft = _blurred(*key)
            self._press(soft, left - (soft.width - mask.width) // 2, top - (soft.height - mask.height) // 2, glow)
        lit = self._lit(mask, left, top, fill)  # of the wall, not of the shadow on it: words are never darker than that
        self._press(mask, left + 1, top + 1, faded((0, 0, 0, 255), _SHADOW * fill[3] / 255))
        self.image.paste(lit, (left, top), _thinned(mask, fill))
        return mask.width / self.unit

    def width(self, words: str, cap: float, digits: bool = False, spacing: float = 0.0) -> float:
        """How wide ``words`` are, in HUD pixels."""
        if not words:
            return 0.0
        return text_mask(words, round(cap * self.unit, 2), digits, self.family, spacing).width / self.unit

    def stamp(self, mask: Image.Image, x: float, y: float, fill: Colour) -> None:
        """Let ``mask`` (mode L, already at this frame's scale) shine in one colour, centred on (x, y)."""
        left, top = self.x(x) - mask.width // 2, self.y(y) - mask.height // 2
        self.image.paste(self._lit(mask, left, top, fill), (left, top), _thinned(mask, fill))

    def cover(self, mask: Image.Image, x: float, y: float, fill: Colour) -> None:
        """Lay ``mask`` down so that nothing shows through, which dark colours need; centred on (x, y)."""
        self._press(mask, self.x(x) - mask.width // 2, self.y(y) - mask.height // 2, fill)

    def put(self, picture: Image.Image, x: float, y: float) -> None:
        """Lay an RGBA ``picture`` (already at this frame's scale) down, centred on (x, y)."""
        self.image.paste(picture, (self.x(x) - picture.width // 2, self.y(y) - picture.height // 2), picture)

    def _lit(self, mask: Image.Image, left: int, top: int, fill: Colour) -> Image.Image:
        """What is behind ``mask`` in the light of ``fill``, as the game draws its words: "screen", so that before a
        sunny wall a yellow word is nearly white.
        """
        behind = self.image.crop((left, top, left + mask.width, top + mask.height))
        return ImageChops.screen(behind, Image.new(self.image.mode, mask.size, fill[:3]))

    def _press(self, mask: Image.Image, left: int, top: int, fill: Colour) -> None:
        self.image.paste(fill[:3], (left, top, left + mask.width, top + mask.height), _thinned(mask, fill))


def _thinned(mask: Image.Image, fill: Colour) -> Image.Image:
    """The mask at the opacity of ``fill``."""
    return mask if fill[3] == 255 else mask.point([value * fill[3] // 255 for value in range(256)])
