"""Writing one token after another on a processor, for small Qwen3-VL models.

A step of a small model is a few million sums, and ``transformers``, made for any model on any machine, takes longer to
say what to multiply than the multiplying takes: so does torch itself, beside NumPy. This is the same step spelt out in
NumPy for one row of text, as in Qwen3 (Yang et al. 2025, arXiv 2505.09388): grouped queries with normed heads, rotary
places, SwiGLU. The model itself still reads prompt and picture, and ``generate()`` prepares scores and ends.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from transformers.generation.stopping_criteria import EosTokenCriteria, StoppingCriteriaList

MOST_PARAMETERS = 100_000_000  # of a larger model the sums take most of the time, and a second copy much memory
ROOM = 256  # tokens that an answer's keys and values have at least when they are laid out


def suits(model: Any) -> bool:
    """Whether :class:`Decoder` writes for ``model``: a small dense Qwen3-VL in full precision on a processor, as it was
    published (no biases, adapters, quantised layers, windows or stretched places), answers of one row."""
    if model.config.model_type != "qwen3_vl" or model.device.type != "cpu" or model.dtype != torch.float32:
        return False
    text, side, wishes = model.config.text_config, model.model.language_model, model.generation_config
    sums = [part for name, part in side.named_modules() if name.endswith("_proj")]
    return bool(
        sum(weights.numel() for weights in model.parameters()) <= MOST_PARAMETERS
        and all(type(part) is torch.nn.Linear and part.bias is None for part in sums)
        and text.hidden_act == "silu"
        and side.rotary_emb.rope_type == "default"
        and not getattr(text, "sliding_window", None)
        and wishes.use_cache is not False
        and wishes.cache_implementation is None
        and not wishes.stop_strings
        and (wishes.num_beams or 1) == (wishes.num_return_sequences or 1) == 1
    )


class Decoder:
    """Writes for one model, as ``generate(custom_generate=…)`` of one row asks for it."""

    def __init__(self, model: Any) -> None:
        text = model.model.language_model
        self.words, self.last = _array(text.embed_tokens.weight), _array(text.norm.weight)
        self.scores = _array(model.lm_head.weight)
        self.layers = [_Layer.of(layer) for layer in text.layers]
        self.turns, self.epsilon = _array(text.rotary_emb.inv_freq), model.config.text_config.rms_norm_eps

    def __call__(
        self,
        model: Any,
        input_ids: torch.Tensor,
        *,
        logits_processor: Any,
        stopping_criteria: Any,
        generation_config: Any,
        past_key_values: Any,
        told: Any = None,
        **inputs: Any,
    ) -> torch.Tensor:
        """Token numbers (1 × those of prompt and answer). ``told`` is a streamer: ``generate()`` keeps its own back.

        Raises:
            ValueError: there are several rows, or one with padding.
        """
        if len(input_ids) > 1 or inputs.get("attention_mask") is not None:
            raise ValueError("Only one row without padding can be written.")
        logits = model(input_ids=input_ids, past_key_values=past_key_values, **inputs).logits[:, -1]
        answer = _Answer(self, past_key_values, int(model.model.rope_deltas))
        ends, stops = _apart(stopping_criteria)
        while True:
            token = _chosen(logits_processor(input_ids, logits), generation_config)
            input_ids = torch.cat([input_ids, token], dim=-1)
            if told is not None:
                told.put(token[0])
            if int(token) in ends or stops(input_ids, None):
                break
            logits = torch.from_numpy(answer.after(int(token)))[None]
        if told is not None:
            told.end()
        return input_ids


def _apart(criteria: Any) -> tuple[set[int], Any]:
    """The tokens that end an answer, and what else may: asking for the former by tensors takes a tenth of a step."""
    ends = [one for one in criteria if isinstance(one, EosTokenCriteria)]
    tokens = {int(token) for one in ends for token in one.eos_token_id}
    return tokens, StoppingCriteriaList(one for one in criteria if one not in ends)


def _chosen(scores: torch.Tensor, config: Any) -> torch.Tensor:
    """The next token (1 × 1) by its scores (1 × vocabulary)."""
    if config.do_sample:
        return torch.multinomial(torch.softmax(scores, dim=-1), num_samples=1)
    return torch.argmax(scores, dim=-1, keepdim=True)


@dataclass(frozen=True)
class _Layer:
    """One layer's weights, in one piece those that are applied to the same thing."""

    before: np.ndarray
    attend: np.ndarray  # queries, keys and values of all heads
    norms: np.ndarray  # heads of queries and keys × width; the former with the scaling of what is asked
    attended: np.ndarray
    between: np.ndarray
    feed: np.ndarray  # gate and up
    fed: np.ndarray
    heads: tuple[int, int]  # of queries, and of keys

    @classmethod
    def of(cls, layer: Any) -> "_Layer":
        attention, feed = layer.self_attn, layer.mlp
        parts = [_array(part.weight) for part in (attention.q_proj, attention.k_proj, attention.v_proj)]
        queries, keys, _ = (len(part) // attention.head_dim for part in parts)
        asked, known = _array(attention.q_norm.weight) * attention.scaling, _array(attention.k_norm.weight)
        return cls(
            before=_array(layer.input_layernorm.weight),
            attend=np.concatenate(parts),
            norms=np.stack([asked] * queries + [known] * keys),
            attended=_array(attention.o_proj.weight),
            between=_array(layer.post_attention_layernorm.weight),
            feed=np.concatenate([_array(feed.gate_proj.weight), _array(feed.up_proj.weight)]),
            fed=_array(feed.down_proj.weight),
            heads=(queries, keys),
        )


class _Answer:
    """One answer being written: keys and values, layer by layer, of what was read and written so far."""

    def __init__(self, decoder: Decoder, read: Any, shift: int) -> None:
        """``shift``: by how much places differ from the count of tokens, since a picture takes up fewer."""
        self._decoder, self._length, self._shift = decoder, read.get_seq_length(), shift
        self._kept = [[_roomier(_array(part[0])) for part in (layer.keys, layer.values)] for layer in read.layers]

    def after(self, token: int) -> np.ndarray:
        """Scores (vocabulary) of what comes after ``token``."""
        decoder = self._decoder
        if self._length == self._kept[0][0].shape[1]:
            self._kept = [[_roomier(part) for part in parts] for parts in self._kept]
        angles = np.tile((self._length + self._shift) * decoder.turns, 2)
        turn = np.cos(angles), np.sin(angles)
        x = decoder.words[token]
        for layer, kept in zip(decoder.layers, self._kept, strict=True):
            x = x + layer.attended @ self._attended(layer, kept, self._normed(x) * layer.before, turn)
            gate, up = np.split(layer.feed @ (self._normed(x) * layer.between), 2)
            x = x + layer.fed @ (gate / (1 + np.exp(-gate)) * up)
        self._length += 1
        return np.asarray(decoder.scores @ (self._normed(x) * decoder.last))

    def _attended(
        self, layer: _Layer, kept: list[np.ndarray], x: np.ndarray, turn: tuple[np.ndarray, np.ndarray]
    ) -> np.ndarray:
        at, (asking, known), (keys, values) = self._length, layer.heads, kept
        heads = (layer.attend @ x).reshape(-1, layer.norms.shape[1])
        turned = self._normed(heads[: asking + known]) * layer.norms
        half = layer.norms.shape[1] // 2
        turned = turned * turn[0] + np.concatenate([-turned[:, half:], turned[:, :half]], axis=1) * turn[1]
        keys[:, at], values[:, at] = turned[asking:], heads[asking + known :]
        fits = turned[:asking].reshape(known, asking // known, -1) @ keys[:, : at + 1].swapaxes(1, 2)
        shares = np.exp(fits - fits.max(axis=-1, keepdims=True))
        return np.asarray((shares / shares.sum(axis=-1, keepdims=True)) @ values[:, : at + 1]).reshape(-1)

    def _normed(self, x: np.ndarray) -> np.ndarray:
        width = x.shape[-1]
        return np.asarray(x / np.sqrt(np.einsum("...i,...i->...", x, x)[..., None] / width + self._decoder.epsilon))


def _roomier(kept: np.ndarray) -> np.ndarray:
    """``kept`` (heads × tokens × width) with room for as many tokens more, and at least for ``ROOM``."""
    return np.pad(kept, ((0, 0), (0, max(ROOM, kept.shape[1])), (0, 0)))


def _array(weights: torch.Tensor) -> np.ndarray:
    return np.asarray(weights.detach().numpy())
