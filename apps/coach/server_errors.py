"""What can go wrong with a model server, each with one sentence for people."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import aiohttp

BROKEN_OFF = "The model server broke off in the middle of the answer. What had arrived is kept; ask again."
SAID_NOTHING = "The model server broke the line off before it wrote anything. Your frame is kept; ask again."

# How vLLM and `transformers serve` put it; the contract suite (tests/contract) notices when they change their words.
TOO_MANY_IMAGES = re.compile(r"[Aa]t most (\d+) image")
TOO_LONG = re.compile(r"(?:maximum context length is|max_model_len=\S*?)\s*(\d+)")
UNKNOWN_MODEL = re.compile(r"Server is pinned to|model .{0,200} does not exist")

NO_ANSWER = "The model server sent something that is not an answer. What had arrived is kept; ask again."


class ModelServerError(Exception):
    """The model server did not deliver."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class ServerAway(ModelServerError):
    """Nothing answers at the address."""


class ServerBusy(ModelServerError):
    """It answers that it has no room (503, 429)."""


class ServerSlow(ModelServerError):
    """It took the question and keeps silent too long."""


class ServerBroke(ModelServerError):
    """It failed, cut the answer off, or answered something that is no stream of an answer."""


class LineBroke(ServerBroke):
    """The connection ended before its time."""


class ServerRefused(ModelServerError):
    """It will not take this question: wrong model name, key or request."""


def place(url: str) -> str:
    """Host and port of a server's address, for people: without the name and password that may stand in it."""
    return urlsplit(url).netloc.rpartition("@")[2]


@contextmanager
def in_plain_words(url: str) -> Iterator[None]:
    """Turn what the connection, or reading what the server sent, raises into a :class:`ModelServerError`."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        raise ServerAway(
            f"No model server answers at {place(url)}. Your frame is kept; ask again when it is back."
        ) from error
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError) as error:
        raise LineBroke(BROKEN_OFF) from error
    except (aiohttp.ClientError, AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
        # All but the first: what the server sent is not checked before it is read.
        raise ServerBroke(NO_ANSWER) from error


def check_status(status: int, said: str = "") -> None:
    """Raise the :class:`ModelServerError` that an HTTP status means; nothing for success.

    ``said`` is what the server wrote about it. Of that only numbers are repeated: it may hold paths, or the question.
    """
    if status < 300:
        return
    if status in (429, 503):
        raise ServerBusy(f"The model server is busy ({status}). Your frame is kept; ask again in a moment.")
    if status in (502, 504):
        raise ServerAway(f"The model server is not reachable behind its proxy ({status}). Your frame is kept.")
    if status >= 500:
        raise ServerBroke(f"The model server failed ({status}); its log says why. Your frame is kept.")
    raise ServerRefused(_why_refused(status, said))


def _why_refused(status: int, said: str) -> str:
    if found := TOO_MANY_IMAGES.search(said):
        return (
            f"This model takes at most {found[1]} frames in one question. Your frames are kept; ask with fewer. "
            "An admin can say so by max_frames in MODEL_SERVERS, or by MODEL_SERVER_MAX_FRAMES."
        )
    if found := TOO_LONG.search(said):
        return (
            f"Question and answer together are longer than the {found[1]} tokens this model takes. Your frames are "
            "kept; ask with fewer frames or less context. An admin can lower COACH_MAX_TOKENS, or the model's max_side."
        )
    if UNKNOWN_MODEL.search(said):
        return (
            "The model server does not have the model it was asked for. Your frame is kept; ask another model. "
            "An admin should check the name in MODEL_SERVERS or MODEL_SERVER_MODEL, and that its adapter is loaded."
        )
    return (
        f"The model server refused the question ({status}). "
        "An admin should check MODEL_SERVERS, or MODEL_SERVER_URL, MODEL_SERVER_MODEL and MODEL_SERVER_KEY."
    )
