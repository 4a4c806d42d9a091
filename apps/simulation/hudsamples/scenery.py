"""What lies behind the HUD of samples: views of simulated matches, cut, mirrored and recoloured anew each time."""

import random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from apps.simulation.frames.render import render_frame
from apps.simulation.match.options import MatchOptions
from apps.simulation.match.simulate import simulate_match
from apps.simulation.recording import Recording
from apps.simulation.staging import recording_of

MAPS = ("de_quay", "de_stacks")
VIEW = (1280, 720)
NO_HUD = {"cl_drawhud": "0"}


def views(count: int, seed: int) -> list[Image.Image]:
    """``count`` frames without HUD out of short simulated matches."""
    dice = random.Random(seed)  # noqa: S311 - pictures, not secrets
    recordings = [
        recording_of(simulate_match(seed + number, MatchOptions(map_name=name, max_rounds=2)))
        for number, name in enumerate(MAPS)
    ]
    return [_view(dice.choice(recordings), dice) for _ in range(count)]


def _view(recording: Recording, dice: random.Random) -> Image.Image:
    while True:
        tick = dice.randint(recording.first_tick, recording.last_tick)
        alive = [slot for slot, player in recording.at(tick).players.items() if player.alive]
        if alive:
            return render_frame(recording, tick, dice.choice(alive), VIEW, NO_HUD)


def behind(pool: list[Image.Image], size: tuple[int, int], dice: random.Random) -> Image.Image:
    """A background of ``size``: a part of one of ``pool``, or plain colours and noise."""
    if dice.random() < 0.12:
        return _plain(size, dice)
    picture = dice.choice(pool)
    share = dice.uniform(0.35, 1.0)
    width, height = round(picture.width * share), round(picture.height * share)
    left, top = dice.randint(0, picture.width - width), dice.randint(0, picture.height - height)
    picture = picture.crop((left, top, left + width, top + height))
    if dice.random() < 0.5:
        picture = ImageOps.mirror(picture)
    if dice.random() < 0.25:
        picture = ImageOps.flip(picture)
    if dice.random() < 0.5:
        channels = list(picture.split())
        dice.shuffle(channels)
        picture = Image.merge("RGB", channels)
    picture = ImageEnhance.Brightness(picture).enhance(
        dice.choice((0.15, 0.5, 1.0, 1.0, 1.5, 2.2)) * dice.uniform(0.8, 1.2)
    )
    picture = ImageEnhance.Contrast(picture).enhance(dice.uniform(0.6, 1.6))
    if dice.random() < 0.2:
        picture = ImageOps.grayscale(picture).convert("RGB")
    picture = picture.resize(size, Image.Resampling.BILINEAR)
    if dice.random() < 0.2:
        picture = _sunny(picture, dice)
    if dice.random() < 0.3:
        _wire(picture, dice)
    return picture.filter(ImageFilter.DETAIL) if dice.random() < 0.4 else picture


def _sunny(picture: Image.Image, dice: random.Random) -> Image.Image:
    """Walls in the sun, nearly as light as the words before them."""
    left, warm = dice.uniform(0.08, 0.5), dice.uniform(1.0, 1.8)
    shares = [left, left * (1 + warm) / 2, left * warm]
    return picture.point([round(255 - (255 - value) * min(1.0, share)) for share in shares for value in range(256)])


def _wire(picture: Image.Image, dice: random.Random) -> None:
    """Cables, fences and beams, which run through words and digits."""
    draw, (width, height) = ImageDraw.Draw(picture), picture.size
    across = dice.uniform(-1, 1) * width
    shade = dice.choice((dice.randint(0, 60), dice.randint(0, 255)))
    colour = tuple(min(255, max(0, shade + dice.randint(-40, 40))) for _ in range(3))
    for _ in range(dice.choice((3, 10, 40, 120))):
        x, y = dice.uniform(0, width), dice.uniform(0, height)
        slant, thick = across + dice.uniform(-80, 80), max(1, round(dice.uniform(0.5, 4.5) * height / 1080))
        draw.line((x, y, x + slant, y + dice.uniform(-0.3, 0.3) * height), fill=colour, width=thick)


def _plain(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """Large soft blots, from black to white."""
    rows = np.random.default_rng(dice.randrange(2**32))
    cells = dice.choice((1, 2, 6, 24))
    blots = rows.integers(0, 256, (cells, cells * 2, 3)).astype(np.uint8)
    return Image.fromarray(blots, "RGB").resize(size, Image.Resampling.BICUBIC)
