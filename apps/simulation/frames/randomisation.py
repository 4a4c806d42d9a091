"""Domain randomisation: the same facts in another look, so that a model learns to read and not to remember pixels.

Everything is drawn once from a seed and can be written down beside a label. Off unless asked for.
"""

import io
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageFilter

from apps.simulation.frames.fonts import FAMILIES, installed

_SUBSAMPLINGS = (0, 1, 2)  # 4:4:4, 4:2:2, 4:2:0, as Pillow counts them
_DETOURS = (1.0, 1.0, 1.0, 2 / 3, 0.75, 1.5)  # drawn at that share of the size, then brought to it


@dataclass(frozen=True)
class Randomisation:
    """One look. ``seed`` names it: the same seed gives the same look, and with ``finish`` the same noise."""

    seed: int
    family: str
    hud_color: int
    hud_scaling: float
    safezone_x: float
    safezone_y: float
    radar_size: float
    radar_scale: float
    radar_turns: bool
    backdrop: int  # which of the neutral backdrops a map without geometry gets, counted from its own
    shade: float  # strength of the dark strips behind the HUD
    hue: float  # the world's tint: red and blue are multiplied by 1 ± that
    brightness: float
    contrast: float
    gamma: float
    noise: float  # standard deviation, of 255
    blur: float  # radius in pixels of a 1080 lines high frame
    detour: float  # drawn at that share of the size
    jpeg_quality: int
    jpeg_subsampling: int  # 0 is 4:4:4, 1 is 4:2:2, 2 is 4:2:0

    @classmethod
    def of(cls, seed: int) -> "Randomisation":
        """The look that belongs to ``seed``. Fonts are chosen among those that are installed."""
        draw = np.random.default_rng([seed & 0xFFFFFFFFFFFFFFFF, 20_259])
        families = [name for name in FAMILIES if installed(name)]
        # Half of all looks keep the game's own font and colour, since that is what most players have.
        family = "stock" if draw.random() < 0.5 and "stock" in families else str(draw.choice(families))
        return cls(
            seed=seed,
            family=family,
            hud_color=0 if draw.random() < 0.5 else int(draw.integers(1, 13)),
            hud_scaling=round(float(draw.uniform(0.81, 0.95)), 2),  # few steps, so that letters can be kept
            safezone_x=round(float(draw.choice([1.0, draw.uniform(0.9, 1.0)])), 3),
            safezone_y=round(float(draw.choice([1.0, draw.uniform(0.93, 1.0)])), 3),
            radar_size=round(float(draw.choice([1.0, draw.uniform(0.8, 1.15)])), 3),
            radar_scale=round(float(draw.uniform(0.4, 1.0)), 3),
            radar_turns=bool(draw.random() < 0.8),
            backdrop=int(draw.integers(0, 4)),
            shade=round(float(draw.uniform(0.2, 1.2)), 3),
            hue=round(float(draw.normal(0, 0.05)), 4),
            brightness=round(float(draw.normal(1.0, 0.1)), 4),
            contrast=round(float(draw.normal(1.0, 0.08)), 4),
            gamma=round(float(np.exp(draw.normal(0, 0.12))), 4),
            noise=round(float(abs(draw.normal(0, 2.0))), 3),
            blur=round(float(max(0.0, draw.normal(-0.2, 0.5))), 3),
            detour=float(draw.choice(_DETOURS)),
            jpeg_quality=int(draw.integers(55, 96)),
            jpeg_subsampling=int(draw.choice(_SUBSAMPLINGS)),
        )

    @classmethod
    def of_shot(cls, seed: int, tick: int, slot: int) -> "Randomisation":
        """Another look for every picture of a run, the same again for the same ``seed``, tick and player."""
        mixed = np.random.SeedSequence([seed & 0xFFFFFFFFFFFFFFFF, tick & 0xFFFFFFFF, slot & 0xFFFF])
        return cls.of(int(mixed.generate_state(1, np.uint64)[0]))

    def described(self) -> dict[str, Any]:
        """Every parameter by name, for writing beside a label."""
        return asdict(self)

    def convars(self) -> dict[str, str]:
        """What of it a player could have set in the game."""
        return {
            "cl_hud_color": str(self.hud_color),
            "hud_scaling": str(self.hud_scaling),
            "safezonex": str(self.safezone_x),
            "safezoney": str(self.safezone_y),
            "cl_hud_radar_scale": str(self.radar_size),
            "cl_radar_scale": str(self.radar_scale),
            "cl_radar_rotate": "true" if self.radar_turns else "false",
        }

    def drawn_size(self, size: tuple[int, int]) -> tuple[int, int]:
        """The size at which the frame is drawn before it is brought to ``size``."""
        return max(2, round(size[0] * self.detour)), max(2, round(size[1] * self.detour))

    def finish(self, image: Image.Image, size: tuple[int, int]) -> Image.Image:
        """Bring the drawn frame to ``size`` and through a camera's or codec's wear."""
        if image.size != size:
            image = image.resize(size, Image.Resampling.BICUBIC)
        if self.blur > 0.05:
            image = image.filter(ImageFilter.BoxBlur(self.blur * size[1] / 1080))
        image = image.point(self._curve())
        if self.noise > 0.1:
            image = self._noisy(image)
        return image

    def encoded(self, image: Image.Image) -> bytes:
        """As JPEG, with this look's quality and chroma."""
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=self.jpeg_quality, subsampling=self.jpeg_subsampling)
        return buffer.getvalue()

    def _curve(self) -> list[int]:
        """Gamma, contrast, brightness and tint as one table for red, green and blue."""
        values = (np.arange(256) / 255) ** self.gamma
        values = ((values - 0.5) * self.contrast + 0.5) * self.brightness
        tinted = [values * (1 + self.hue), values, values * (1 - self.hue)]
        return [int(value) for channel in tinted for value in np.clip(np.rint(channel * 255), 0, 255)]

    def _noisy(self, image: Image.Image) -> Image.Image:
        """Grain, the same for all colours; one strip of it is laid at many places, which nobody sees and is quick."""
        grains = np.random.default_rng([self.seed & 0xFFFFFFFFFFFFFFFF, 7])
        strip = np.rint(128 + grains.normal(0, self.noise, (64, image.width * 2))).clip(0, 255).astype(np.uint8)
        kept = Image.fromarray(strip, "L")
        grain = Image.new("L", image.size)
        for top in range(0, image.height, 64):
            grain.paste(kept, (-int(grains.integers(0, image.width)), top))
        return ImageChops.add(image, Image.merge("RGB", (grain, grain, grain)), offset=-128)
