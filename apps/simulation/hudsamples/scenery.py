"""What lies behind the HUD of samples: views of simulated matches, cut, mirrored and recoloured anew each time."""

import random

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

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
    return picture.filter(ImageFilter.DETAIL) if dice.random() < 0.4 else picture


def _plain(size: tuple[int, int], dice: random.Random) -> Image.Image:
    """Large soft blots, from black to white."""
    rows = np.random.default_rng(dice.randrange(2**32))
    cells = dice.choice((1, 2, 6, 24))
    blots = rows.integers(0, 256, (cells, cells * 2, 3)).astype(np.uint8)
    return Image.fromarray(blots, "RGB").resize(size, Image.Resampling.BICUBIC)
