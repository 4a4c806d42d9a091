"""Uploaded images: what is taken, what it becomes, and what is refused in which words."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from apps.captures.hud.pictures import MAX_BYTES, FrameRefused
from apps.coach.frames import MAX_SIDE, read_frame

ORANGE = (200, 100, 50)


def encode(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def plain(width: int = 320, height: int = 200) -> Image.Image:
    return Image.new("RGB", (width, height), ORANGE)


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(read_frame(data).jpeg))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def near(pixel: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(have - want) <= 6 for have, want in zip(pixel, wanted, strict=True))


def huge_png(width: int, height: int) -> bytes:
    """A few hundred bytes that claim to be an enormous picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "image"),
    [
        ("JPEG", plain()),
        ("PNG", plain()),
        ("WEBP", plain()),
        ("JPEG", plain().convert("CMYK")),
        ("PNG", plain().quantize(4)),
        ("PNG", plain().convert("RGBA")),
        ("WEBP", plain().convert("RGBA")),
    ],
    ids=["jpeg", "png", "webp", "cmyk", "palette", "alpha", "webp-alpha"],
)
def test_every_usual_kind_becomes_an_rgb_jpeg_of_the_same_picture(kind: str, image: Image.Image) -> None:
    frame = opened(encode(image, kind))
    assert frame.size == (320, 200)
    assert near(frame.getpixel((160, 100)), ORANGE)


def test_sixteen_bit_grey_keeps_its_brightness() -> None:
    half = Image.fromarray(np.full((200, 320), 32_768, np.uint16))
    assert near(opened(encode(half, "PNG")).getpixel((160, 100)), (128, 128, 128))


def test_grey_one_bit_and_grey_with_alpha_are_taken() -> None:
    for mode in ("L", "1", "LA"):
        assert opened(encode(plain().convert(mode), "PNG")).size == (320, 200)


def test_what_is_transparent_becomes_black() -> None:
    clear = Image.new("RGBA", (320, 200), (255, 0, 0, 0))
    assert near(opened(encode(clear, "PNG")).getpixel((160, 100)), (0, 0, 0))
    palette = plain().quantize(4)
    assert near(opened(encode(palette, "PNG", transparency=palette.getpixel((0, 0)))).getpixel((160, 100)), (0, 0, 0))


def test_exif_rotation_is_applied_and_metadata_is_dropped() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90°
    exif[0x010E] = "taken at home"
    data = encode(plain(), "JPEG", exif=exif, comment=b"secret comment")
    frame = opened(data)
    assert frame.size == (200, 320)
    assert not frame.getexif()
    assert b"secret" not in read_frame(data).jpeg


def test_text_chunks_and_trailing_bytes_do_not_survive() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>", zip=True)
    polyglot = encode(plain(), "PNG", pnginfo=info) + b"<script>alert(2)</script>PK\x03\x04"
    assert b"script" not in read_frame(polyglot).jpeg


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_the_first_picture_is_taken(kind: str) -> None:
    later = [Image.new("RGB", (320, 200), "blue"), Image.new("RGB", (320, 200), "green")]
    data = encode(plain(), kind, save_all=True, append_images=later, duration=50)
    assert near(opened(data).getpixel((160, 100)), ORANGE)


def test_large_frames_are_scaled_to_at_most_1920() -> None:
    frame = read_frame(encode(plain(3840, 2160), "JPEG"))
    assert (frame.width, frame.height) == (1920, 1080)
    tall = read_frame(encode(plain(1000, 4000), "JPEG"))
    assert (tall.width, tall.height) == (MAX_SIDE // 4, MAX_SIDE)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"hello", "not an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>", "not an image"),
        (b"<!doctype html><img src=x onerror=alert(1)>", "not an image"),
        (b"%PDF-1.7\n%\xe2\xe3", "not an image"),
        (encode(plain(), "GIF"), "not an image"),
        (encode(plain(), "BMP"), "not an image"),
        (encode(plain(), "TIFF"), "not an image"),
        (encode(plain(1, 1), "PNG"), "1×1"),
        (encode(plain(20_000, 100), "PNG"), "too long and thin"),
        (encode(plain(100, 20_000), "PNG"), "too long and thin"),
        (huge_png(50_000, 50_000), "million pixels"),
        (huge_png(9_000, 9_000), "million pixels"),
        (huge_png(1_000, 1_000), "damaged"),
        (encode(plain(), "JPEG")[:-300], "damaged"),
        (encode(plain(), "PNG")[:-40], "damaged"),
        (encode(plain(), "WEBP")[:-40], "damaged"),
        (b"\0" * (MAX_BYTES + 1), "larger than"),
    ],
    ids=[
        *("empty", "text", "svg", "html", "pdf", "gif", "bmp", "tiff", "1x1", "200:1", "1:200", "bomb", "small-bomb"),
        *("png-lies", "cut-jpeg", "cut-png", "cut-webp", "too-many-bytes"),
    ],
)
def test_what_is_no_frame_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(FrameRefused, match=said):
        read_frame(data)


def test_a_broken_png_chunk_is_refused() -> None:
    data = bytearray(encode(plain(), "PNG"))
    middle = data.index(b"IDAT") + 10
    data[middle] ^= 0xFF
    with pytest.raises(FrameRefused, match="damaged"):
        read_frame(bytes(data))


@given(st.sampled_from(["JPEG", "PNG", "WEBP"]), st.data())
@settings(max_examples=150, deadline=None)
def test_flipped_bytes_never_make_anything_but_a_refusal(kind: str, data: st.DataObject) -> None:
    body = bytearray(encode(plain(80, 64), kind))
    for place in data.draw(st.lists(st.integers(0, len(body) - 1), min_size=1, max_size=6)):
        body[place] = data.draw(st.integers(0, 255))
    try:
        frame = read_frame(bytes(body))
    except FrameRefused:
        return
    assert frame.jpeg.startswith(b"\xff\xd8")
