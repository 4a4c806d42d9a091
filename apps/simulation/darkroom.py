"""Take the picture and write it as the game does: late, and in two steps."""

import asyncio
import errno
import io
import json
import os
from pathlib import Path

from apps.simulation.console import Shot
from apps.simulation.faults import Fault, Faults
from apps.simulation.frames.randomisation import Randomisation
from apps.simulation.frames.render import render_frame


class Darkroom:
    """Writes ``screenshots/*.jpg`` below the game's folder, one picture at a time."""

    def __init__(
        self,
        game_dir: Path,
        size: tuple[int, int],
        image_delay: float,
        faults: Faults,
        randomise: int | None = None,
    ) -> None:
        """``randomise`` is the seed from which every picture gets a look of its own, written down beside it."""
        self.folder = game_dir / "screenshots"
        self.size = size
        self.image_delay = image_delay
        self.faults = faults
        self.randomise = randomise
        self._before: bytes | None = None
        self._one_at_a_time = asyncio.Lock()

    async def develop(self, shot: Shot) -> list[str]:
        """Render and write ``shot``; returns what the console prints (nothing when it went well)."""
        async with self._one_at_a_time:
            seen, look = await asyncio.to_thread(self._render, shot)
            again = self._before is not None and self.faults.strikes(Fault.DUPLICATE_IMAGE)
            data = self._before if again and self._before else seen
            self._before = seen
            await asyncio.sleep(self.image_delay)
            if self.faults.strikes(Fault.NO_IMAGE):
                return []
            try:
                if look is not None:
                    self._note(shot.file_name, look)
                await self._write(self.folder / shot.file_name, data)
            except OSError as error:
                return [f"Couldn't write screenshots/{shot.file_name}: {error.strerror}."]
            return []

    def _render(self, shot: Shot) -> tuple[bytes, Randomisation | None]:
        look = None if self.randomise is None else Randomisation.of_shot(self.randomise, shot.tick, shot.slot)
        image = render_frame(
            shot.recording, shot.tick, shot.slot, self.size, shot.convars, shot.first_person, randomisation=look
        )
        if look is not None:
            return look.encoded(image), look
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=shot.quality, subsampling=0)
        return buffer.getvalue(), None

    def _note(self, file_name: str, look: Randomisation) -> None:
        """The look's parameters, there before the picture is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = (self.folder / file_name).with_suffix(".look.json")
        beside.write_text(json.dumps(look.described(), indent=1, sort_keys=True) + "\n", encoding="utf-8")

    async def _write(self, path: Path, data: bytes) -> None:
        if self.faults.strikes(Fault.DISK_FULL):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self.folder.mkdir(parents=True, exist_ok=True)
        half = len(data) // 2
        with path.open("wb") as file:
            file.write(data[:half])
            file.flush()
            if self.faults.strikes(Fault.HALF_IMAGE):
                return
            await asyncio.sleep(self.image_delay / 2)
            file.write(data[half:])
