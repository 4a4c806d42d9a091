"""What can go wrong with a model server, each with one sentence for people."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import aiohttp

BROKEN_OFF = "The model server broke off in the middle of the answer. What had arrived is kept; ask again."

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


class ServerRefused(ModelServerError):
    """It will not take this question: wrong model name, key or request."""


@contextmanager
def in_plain_words(url: str) -> Iterator[None]:
    """Turn what the connection, or reading what the server sent, raises into a :class:`ModelServerError`."""
    try:
        yield
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
        place = urlsplit(url).netloc
        raise ServerAway(
            f"No model server answers at {place}. Your frame is kept; ask again when it is back."
        ) from error
    except aiohttp.ClientConnectionError as error:
        raise ServerBroke(BROKEN_OFF) from error
    except aiohttp.ClientPayloadError as error:
        raise ServerBroke(BROKEN_OFF) from error
    except (aiohttp.ClientError, AttributeError, TypeError, ValueError, LookupError) as error:
        # All but the first: what the server sent is not checked before it is read.
        raise ServerBroke(NO_ANSWER) from error


def check_status(status: int) -> None:
    """Raise the :class:`ModelServerError` that an HTTP status means; nothing for success."""
    if status < 300:
        return
    if status in (429, 503):
        raise ServerBusy(f"The model server is busy ({status}). Your frame is kept; ask again in a moment.")
    if status in (502, 504):
        raise ServerAway(f"The model server is not reachable behind its proxy ({status}). Your frame is kept.")
    if status >= 500:
        raise ServerBroke(f"The model server failed ({status}). Your frame is kept; its log says why.")
    raise ServerRefused(
        f"The model server refused the question ({status}). "
        "An admin should check MODEL_SERVERS, or MODEL_SERVER_URL, MODEL_SERVER_MODEL and MODEL_SERVER_KEY."
    )
