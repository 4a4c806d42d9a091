"""How much memory a training will need, roughly, before it starts. No torch here.

Weights, gradients and Adam's two moments are counted; activations follow Korthikanti et al. 2022 ("Reducing Activation
Recomputation in Large Transformer Models", equation 2: 34·s·b·h bytes per layer in 16 bit, without checkpointing and
without its quadratic term, which memory-efficient attention does not keep). Expect ±50%.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ANSWER_TOKENS = 400
PROMPT_TOKENS = 700  # text; an image adds its own
IMAGE_TOKENS = 300
BYTES = {"float32": 4, "bfloat16": 2, "float16": 2}


@dataclass(frozen=True)
class Shape:
    """What an estimate needs to know of a model."""

    parameters: int
    hidden: int
    layers: int
    kv_width: int  # key-value heads × head size
    vocabulary: int


@dataclass(frozen=True)
class Estimate:
    """Bytes by use."""

    weights: int
    gradients: int
    optimizer: int
    activations: int
    generation: int  # key-value cache of a group; GRPO

    @property
    def total(self) -> int:
        return self.weights + self.gradients + self.optimizer + self.activations + self.generation


def shape_of(config: Mapping[str, Any], weight_bytes: int) -> Shape:
    """The shape a model folder's ``config.json`` tells; ``weight_bytes`` is the size of its safetensors.

    Raises:
        KeyError: it is not the configuration of a vision-language model.
    """
    text = config["text_config"]
    heads = int(text["num_attention_heads"])
    head_size = int(text.get("head_dim") or text["hidden_size"] // heads)
    return Shape(
        parameters=weight_bytes // BYTES.get(str(config.get("dtype")), 2),
        hidden=int(text["hidden_size"]),
        layers=int(text["num_hidden_layers"]),
        kv_width=int(text.get("num_key_value_heads") or heads) * head_size,
        vocabulary=int(text["vocab_size"]),
    )


def estimate(shape: Shape, method: str, parameters: Mapping[str, Any], *, gpu: bool = False) -> Estimate:
    """Bytes for one process: bfloat16 and activation checkpointing on a GPU, float32 without on a CPU."""
    width = 2 if gpu else 4
    rank = int(parameters["lora_rank"])
    learning = 14 * shape.layers * shape.hidden * rank if rank else shape.parameters
    grpo = method == "grpo"
    batch = int(parameters["groups"]) * int(parameters["num_generations"]) if grpo else int(parameters["batch_size"])
    answer = int(parameters["max_new_tokens"]) if grpo else ANSWER_TOKENS
    length = PROMPT_TOKENS + IMAGE_TOKENS + answer
    layer = 34 * length * batch * shape.hidden * width / 2
    kept = 2 * length * batch * shape.hidden * shape.layers + layer if gpu else layer * shape.layers
    logits = 2 * batch * length * shape.vocabulary * 4
    reference = shape.parameters * width if grpo and float(parameters["beta"]) > 0 and not rank else 0
    return Estimate(
        weights=shape.parameters * width + reference,
        gradients=learning * 4,
        optimizer=learning * 8,
        activations=int(kept + logits),
        generation=2 * shape.layers * shape.kv_width * length * batch * width if grpo else 0,
    )


def in_words(found: Estimate) -> str:
    """One line for a page."""
    parts = (
        ("weights", found.weights),
        ("gradients", found.gradients),
        ("optimiser", found.optimizer),
        ("activations", found.activations),
        ("generation cache", found.generation),
    )
    listed = ", ".join(f"{name} {_size(size)}" for name, size in parts if size)
    return f"About {_size(found.total)} of memory: {listed}. A rough figure, ±50%."


def _size(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(size / 1e6, 1):.0f} MB"
