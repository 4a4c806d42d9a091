"""A question to a model server as the bytes that are sent.

A frame is half a megabyte of base64, in which JSON has nothing to escape. It goes between the rest as it is; as one
more string it would be copied and looked through again and again while every other answer waits.
"""

from binascii import b2a_base64
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any
from uuid import uuid4

from pydantic_core import to_json


class Picture:
    """A JPEG or PNG file. Where it stands in a question, its data URL is sent."""

    def __init__(self, data: bytes) -> None:
        self.data = data

    def url(self) -> tuple[bytes, bytes]:
        """The two halves of its data URL: what it is, and it."""
        kind = b"png" if self.data.startswith(b"\x89PNG") else b"jpeg"
        return b"data:image/%b;base64," % kind, b2a_base64(self.data, newline=False)


def body(question: dict[str, Any]) -> Iterator[bytes]:
    """``question`` as JSON, piece by piece.

    Raises:
        ValueError: there is something in it that is neither JSON nor a :class:`Picture`.
    """
    pictures: list[Picture] = []
    place = uuid4().hex  # in no text of anybody

    def put_off(value: object) -> str:
        if not isinstance(value, Picture):
            raise TypeError(f"A {type(value).__name__} cannot be sent.")
        pictures.append(value)
        return place

    rest = to_json(question, fallback=put_off).split(place.encode())
    for words, picture in zip_longest(rest, pictures):
        yield words
        if picture is not None:
            yield from picture.url()
