"""Drawing in 1920×1080 coordinates on a frame of any size: text, boxes, shapes with smooth edges."""

from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

HUD_WIDTH = 1920
_FINE = 3
Colour = tuple[int, int, int, int]

WHITE: Colour = (245, 247, 250, 255)
RED: Colour = (235, 32, 32, 255)
SIDE_COLOURS: dict[str, Colour] = {"CT": (170, 212, 255, 255), "T": (242, 202, 108, 255)}


def faded(colour: Colour, alpha: float) -> Colour:
    """The same colour at ``alpha`` (0–1) of its opacity."""
    return (*colour[:3], round(colour[3] * alpha))


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Pillow's own font; no font file belongs to this project."""
    return ImageFont.load_default(size)


@lru_cache(maxsize=512)
def text_mask(words: str, size: float, bold: float) -> Image.Image:
    """``words`` as a mask (mode L) whose height is that of the digits' line, so that equal sizes line up.

    Drawn three times larger with an outline and some space between the letters: Pillow's font has one thin weight.
    """
    face = font(max(8, round(size * _FINE)))
    stroke, gap = round(size * _FINE * bold), size * _FINE * (0.02 + bold)
    height = round(size * 1.3) * _FINE
    length = sum(face.getlength(letter) + gap for letter in words) - gap + 2 * stroke
    canvas = Image.new("L", (max(_FINE, round(length)), height))
    draw, x = ImageDraw.Draw(canvas), float(stroke)
    digits = face.getbbox("0", anchor="ls")
    baseline = (height - digits[1] - digits[3]) / 2
    for letter in words:
        draw.text((x, baseline), letter, font=face, fill=255, anchor="ls", stroke_width=stroke)
        x += face.getlength(letter) + gap
    return canvas.resize((max(1, canvas.width // _FINE), height // _FINE), Image.Resampling.LANCZOS)


@dataclass(frozen=True)
class Pen:
    """Everything is given in pixels of a 1920 wide frame and scaled to this one."""

    image: Image.Image
    draw: ImageDraw.ImageDraw
    scale: float

    @classmethod
    def on(cls, image: Image.Image) -> "Pen":
        return cls(image, ImageDraw.Draw(image, "RGBA"), image.width / HUD_WIDTH)

    def px(self, value: float) -> int:
        return round(value * self.scale)

    def box(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, radius: float = 0) -> None:
        corners = (self.px(x0), self.px(y0), max(self.px(x1) - 1, self.px(x0)), max(self.px(y1) - 1, self.px(y0)))
        self.draw.rounded_rectangle(corners, radius=self.px(radius), fill=fill)

    def line(self, x0: float, y0: float, x1: float, y1: float, fill: Colour, width: float = 1.5) -> None:
        points = (self.px(x0), self.px(y0), self.px(x1), self.px(y1))
        self.draw.line(points, fill=fill, width=max(1, self.px(width)))

    def text(
        self, x: float, y: float, words: str, size: float, fill: Colour, anchor: str = "m", bold: float = 0.035
    ) -> None:
        """Words centred on ``y``; ``anchor`` l, m or r says what ``x`` is. ``bold`` thickens by a share of the size."""
        if not words:
            return
        mask = text_mask(words, round(size * self.scale, 2), bold)
        left = self.px(x) - {"l": 0, "m": mask.width // 2, "r": mask.width}[anchor]
        top = self.px(y) - mask.height // 2
        shadow = faded((0, 0, 0, 255), 0.4 * fill[3] / 255)
        self._press(mask, left + 1, top + 1, shadow)
        self._press(mask, left, top, fill)

    def width(self, words: str, size: float, bold: float = 0.035) -> float:
        """How wide ``words`` are, in HUD pixels."""
        return text_mask(words, round(size * self.scale, 2), bold).width / self.scale

    def stamp(self, mask: Image.Image, x: float, y: float, fill: Colour) -> None:
        """Lay ``mask`` (mode L, already at this frame's scale) down in one colour, centred on (x, y)."""
        self._press(mask, self.px(x) - mask.width // 2, self.px(y) - mask.height // 2, fill)

    def _press(self, mask: Image.Image, left: int, top: int, fill: Colour) -> None:
        if fill[3] < 255:
            mask = mask.point(lambda value: value * fill[3] // 255)
        self.image.paste(fill[:3], (left, top, left + mask.width, top + mask.height), mask)
