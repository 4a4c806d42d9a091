"""The server of one model: the chat endpoint of ``transformers serve``, held to a JSON schema on request.

Three addresses: ``POST /v1/chat/completions`` (OpenAI's protocol; ``response_format`` of the type ``json_schema`` is
kept to), ``GET /v1/models`` and ``GET /health``. What else ``transformers serve`` offers, loading any other folder and
fetching pictures from other hosts among it, is not there.
"""

import uuid
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from fastapi import FastAPI, HTTPException
from torch.nn import functional as F  # noqa: N812 - torch's own name
from transformers.cli.serving.chat_completion import ChatCompletionHandler
from transformers.cli.serving.model_manager import ModelManager
from transformers.cli.serving.utils import GenerationState
from transformers.utils import logging

from apps.captures.hud.readings import READING
from apps.captures.labelling.schema import answer_schema
from apps.training.trainers.constrained import Constraint
from apps.training.trainers.decoding import Decoder, suits

TAKEN = {
    "messages", "model", "stream", "stream_options", "max_tokens", "temperature", "top_p", "seed", "response_format",
}  # fmt: skip
MOST_TOKENS = 4096  # of one answer, however many are asked for
BOUNDS: dict[str, tuple[type, float, float]] = {
    "max_tokens": (int, 1, float("inf")), "seed": (int, 0, 2**63), "temperature": (float, 0, 2), "top_p": (float, 0, 1),
}  # fmt: skip
_schema: ContextVar[dict[str, Any] | None] = ContextVar("schema", default=None)  # of the request being answered


class SchemaChatHandler(ChatCompletionHandler):  # type: ignore[misc]
    """Answers chat questions, and keeps to the schema that comes with one."""

    _unused_fields = ChatCompletionHandler._unused_fields - {"response_format"}

    def __init__(self, manager: ModelManager, constraint: Constraint) -> None:
        super().__init__(model_manager=manager, generation_state=GenerationState())
        self._constraint = constraint

    async def handle_request(self, body: dict[str, Any], request_id: str) -> Any:
        _schema.set(_asked_for(body))
        return await super().handle_request(_bounded(body), request_id)

    def _streaming(
        self, request_id: str, model: Any, processor: Any, model_id: str, inputs: Any, *args: Any, **kwargs: Any
    ) -> Any:
        return super()._streaming(request_id, model, processor, model_id, self._held(inputs), *args, **kwargs)

    async def _non_streaming(
        self, request_id: str, model: Any, processor: Any, model_id: str, inputs: Any, *args: Any, **kwargs: Any
    ) -> Any:
        return await super()._non_streaming(request_id, model, processor, model_id, self._held(inputs), *args, **kwargs)

    def _held(self, inputs: Any) -> Any:
        """What ``generate()`` is given, with what keeps to the schema of this request among it."""
        schema = _schema.get()
        if schema is None:
            return inputs
        try:
            return {**inputs, "logits_processor": [self._constraint.processor(schema)]}
        except (RuntimeError, ValueError) as error:
            raise HTTPException(422, f"This JSON schema cannot be kept to: {error}") from error


def _asked_for(body: dict[str, Any]) -> dict[str, Any] | None:
    """The schema in ``response_format``; None where an answer may be any text.

    Raises:
        HTTPException: it asks for something else than text or a JSON schema.
    """
    wish = body.get("response_format")
    if wish is None or wish == {"type": "text"}:
        return None
    if isinstance(wish, dict) and wish.get("type") == "json_schema" and isinstance(wish.get("json_schema"), dict):
        schema = wish["json_schema"].get("schema")
        if isinstance(schema, dict):
            return schema
    raise HTTPException(422, "response_format is text, or json_schema with a schema.")


def _bounded(body: dict[str, Any]) -> dict[str, Any]:
    """A question that can be answered here, and within bounds.

    Raises:
        HTTPException: it has what is not taken here, such as pictures that would have to be fetched.
    """
    if strange := body.keys() - TAKEN:
        raise HTTPException(422, f"Not taken here: {', '.join(sorted(map(str, strange))[:5])}.")
    for name, (kind, least, most) in BOUNDS.items():
        value = body.get(name)
        if value is not None and not (type(value) in (int, kind) and least <= value <= most):
            raise HTTPException(422, f"{name} is no number, or out of bounds.")
    if not _plain(body.get("messages")):
        raise HTTPException(422, "messages are a list of texts, and of pictures as data: addresses.")
    return {**body, "max_tokens": min(body.get("max_tokens") or MOST_TOKENS, MOST_TOKENS)}


def _plain(messages: Any) -> bool:
    """Whether a conversation has nothing but texts and pictures that came along with it."""
    if (
        not messages
        or not isinstance(messages, list)
        or not all(isinstance(one, dict) and "content" in one for one in messages)
    ):
        return False
    said = [one["content"] for one in messages]
    parts = [part for content in said if isinstance(content, list) for part in content]
    return all(isinstance(content, str | list) for content in said) and all(map(_plain_part, parts))


def _plain_part(part: Any) -> bool:
    if not isinstance(part, dict):
        return False
    if part.get("type") == "image_url":
        picture = part.get("image_url")
        return isinstance(picture, dict) and str(picture.get("url")).startswith("data:image/")
    return part.get("type") == "text" and isinstance(part.get("text"), str)


def _write_by(decoder: Decoder, model: Any) -> None:
    """Let ``decoder`` write whatever ``model`` is asked to generate, and tell the streamer of each token."""
    generate = model.generate
    # A patch is one step of the convolution, and a picture comes twice, as its own next one: as one product of matrices
    # the same sum takes a seventh of the time.
    embed = model.model.visual.patch_embed
    colours, twice = embed.in_channels, embed.temporal_patch_size
    weight, bias = embed.proj.weight.detach().sum(2).flatten(1), embed.proj.bias
    embed.forward = lambda x: F.linear(x.unflatten(1, (colours, twice, -1))[:, :, 0].flatten(1), weight, bias)

    def written(streamer: Any = None, **wishes: Any) -> Any:
        return generate(streamer=streamer, told=streamer, custom_generate=decoder, **wishes)

    model.generate = written


def application(folder: Path) -> FastAPI:
    """The server of the model in ``folder``, loaded."""
    logging.set_verbosity_error()  # it logs every question as a warning
    manager = ModelManager(force_model=str(folder))
    model, processor = manager.load_model_and_processor(manager.process_model_name(str(folder)))  # it has them
    if suits(model):
        _write_by(Decoder(model), model)
    constraint = Constraint(processor.tokenizer, model.get_output_embeddings().weight.shape[0])
    for schema in (answer_schema(), READING):  # so that the first question is answered as quickly as others
        constraint.processor(schema)
    handler = SchemaChatHandler(manager, constraint)
    app = FastAPI(title="Chimera's model server", docs_url=None, redoc_url=None, openapi_url=None)

    @app.post("/v1/chat/completions")
    async def chat_completions(body: dict[str, Any]) -> Any:
        return await handler.handle_request(body, str(uuid.uuid4()))

    @app.get("/v1/models")
    def models() -> dict[str, Any]:
        return {"object": "list", "data": [{"id": str(folder), "object": "model", "owned_by": "chimera"}]}

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    return app
