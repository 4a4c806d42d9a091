"""What can go wrong with a model server, each with one sentence for people."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import openai

BROKEN_OFF = "The model server broke off in the middle of the answer. What had arrived is kept; ask again."


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
    """Turn whatever the client library raises into a :class:`ModelServerError`."""
    try:
        yield
    except openai.APIStatusError as error:
        raise _by_status(error) from error
    except openai.APIConnectionError as error:
        raise _by_cause(error, url) from error
    except (openai.OpenAIError, json.JSONDecodeError, AttributeError, TypeError, ValueError, KeyError) as error:
        # The last five: the library builds its objects without checking what the server sent.
        raise ServerBroke(
            "The model server sent something that is not an answer. What had arrived is kept; ask again."
        ) from error


def _by_status(error: openai.APIStatusError) -> ModelServerError:
    status = error.status_code
    if status in (429, 503):
        return ServerBusy(f"The model server is busy ({status}). Your frame is kept; ask again in a moment.")
    if status in (502, 504):
        return ServerAway(f"The model server is not reachable behind its proxy ({status}). Your frame is kept.")
    if status >= 500:
        return ServerBroke(f"The model server failed ({status}). Your frame is kept; its log says why.")
    return ServerRefused(
        f"The model server refused the question ({status}). "
        "An admin should check MODEL_SERVER_URL, MODEL_SERVER_MODEL and MODEL_SERVER_KEY."
    )


def _by_cause(error: openai.APIConnectionError, url: str) -> ModelServerError:
    # A failed connect has no response yet; a connection that breaks later does not come from the connect phase.
    cause = type(error.__cause__).__name__
    if cause in ("ConnectError", "ConnectTimeout"):
        place = urlsplit(url).netloc
        return ServerAway(f"No model server answers at {place}. Your frame is kept; ask again when it is back.")
    return ServerBroke(BROKEN_OFF)
