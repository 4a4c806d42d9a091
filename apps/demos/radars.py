"""Radar images somebody installed: whole PNG files beside each other, one per map and level. None is shipped."""

from pathlib import Path

from django.conf import settings

from apps.demos.parsing.viewing import maps


def image_path(name: str) -> Path | None:
    """The file of the image ``name`` ("de_nuke", "de_nuke_lower"); None where none is installed or it is no PNG.

    Only names of the calibration table reach the disk. ``MAPS_DIR`` comes first, then what ``awpy get`` downloaded.
    """
    if maps.image_owner(name) is None:
        return None
    for folder in (settings.MAPS_DIR, *_downloaded()):
        path = folder / f"{name}.png"
        if _is_png(path):
            return path
    return None


def version(path: Path) -> int:
    """A number that changes when the image is replaced."""
    try:
        return path.stat().st_mtime_ns // 1_000_000
    except OSError:  # gone since it was found: its address will say so
        return 0


def _downloaded() -> list[Path]:
    """The image folders of awpy's releases (``<release>/radars``), newest first."""
    found = [path for path in settings.AWPY_DATA_DIR.glob("*/radars") if path.parent.name.isdigit()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def _is_png(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return maps.is_png(file.read(16))
    except OSError:
        return False
