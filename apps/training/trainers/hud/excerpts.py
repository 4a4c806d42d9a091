"""Parts of tiles alone: what one group of the HUD tells, at its place in the tile and in the answer.

Small letters need many more examples than a step of whole tiles has. A group of five cells and its own value are a
tenth of a tile's work, and the model meets both where they stand in a whole tile and a whole answer, with everything
else left out.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch.nn import functional as F  # noqa: N812 - torch's own name
from transformers.vision_utils import get_vision_interpolation_indices_and_weights, get_vision_position_ids

from apps.captures.hud.groups import TILE, Group
from apps.captures.hud.readings import FIELDS

CELLS = (TILE[1] // 32, TILE[0] // 32)  # rows and columns of a tile
# Groups that are shown alone, and what they tell, in the answer's order.
TOLD = {
    "place": ("place",), "primary": ("weapon",), "pistol": ("weapon",), "alive": ("alive_left", "alive_right"),
    "ammunition": ("clip", "reserve"),
}  # fmt: skip
_IGNORED = -100
_GRID = torch.tensor([[1, TILE[1] // 16, TILE[0] // 16]])  # of patches


def cells_of(group: Group) -> list[int]:
    """The numbers of the tile's cells in which ``group`` stands, in reading order."""
    (left, top), (width, height) = group.at, group.size
    rows, columns = range(top // 32, (top + height) // 32), range(left // 32, (left + width) // 32)
    return [row * CELLS[1] + column for row in rows for column in columns]


def excerpt(
    words: Any, image_token: int, ask: Sequence[int], told: Sequence[int], fields: Sequence[str], cells: Sequence[int]
) -> tuple[list[int], list[tuple[int, int, int]], list[int]]:
    """Tokens, their places (time, row, column) and labels: of the prompt ``ask`` (with all of the tile's image tokens)
    only the image tokens of ``cells``, of the answer ``told`` only ``fields``, which stand one after the other in it.
    """
    at = ask.index(image_token)
    count = CELLS[0] * CELLS[1]
    after = at + max(CELLS)  # where text goes on behind a picture: transformers' ``get_rope_index``
    first, last = _span(words, told, fields)
    behind = ask[at + count :]
    tokens = [*ask[:at], *[image_token] * len(cells), *behind, *told[first:last]]
    places = [(place,) * 3 for place in range(at)]
    places += [(at, at + cell // CELLS[1], at + cell % CELLS[1]) for cell in cells]
    places += [(after + place,) * 3 for place in range(len(behind))]
    places += [(after + len(behind) + place,) * 3 for place in range(first, last)]
    unsaid = len(tokens) - (last - first) + (1 if first else 0)  # what a first key follows is left out
    return tokens, places, [*[_IGNORED] * unsaid, *tokens[unsaid:]]


def _span(words: Any, told: Sequence[int], fields: Sequence[str]) -> tuple[int, int]:
    """From the key of the first of ``fields`` to that behind their last one, which says that this one is at its end."""
    keys = {
        words.convert_tokens_to_ids(f'{before}"{name}": '): name for name in FIELDS for before in (", ", "{")
    }  # each is a token of its own, see ``reader_model.tokenizer``
    places = {keys[token]: place for place, token in enumerate(told) if token in keys}
    behind = FIELDS.index(fields[-1]) + 1
    last = places[FIELDS[behind]] + 1 if behind < len(FIELDS) else len(told)
    return (places[fields[0]] if fields[0] != FIELDS[0] else 0), last


def padded(
    lessons: Sequence[tuple[list[int], list[tuple[int, int, int]], list[int]]], pad: int
) -> dict[str, torch.Tensor]:
    """``input_ids``, ``attention_mask``, ``labels`` (lessons × longest); ``position_ids`` (3 × lessons × longest)."""
    longest = max(len(tokens) for tokens, _, _ in lessons)
    missing = [longest - len(tokens) for tokens, _, _ in lessons]
    rows = list(zip(lessons, missing, strict=True))
    places = torch.tensor([[*places, *[(0, 0, 0)] * less] for (_, places, _), less in rows])
    return {
        "input_ids": torch.tensor([[*tokens, *[pad] * less] for (tokens, _, _), less in rows]),
        "attention_mask": torch.tensor([[1] * len(tokens) + [0] * less for (tokens, _, _), less in rows]),
        "labels": torch.tensor([[*labels, *[_IGNORED] * less] for (_, _, labels), less in rows]),
        "position_ids": places.permute(2, 0, 1),
    }


def forward(
    model: Any, batch: dict[str, torch.Tensor], cells: Sequence[int]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Loss and logits of what is written, and the image tokens (lessons × cells × width): the model's own forward for
    tiles of which only ``cells`` are there. ``pixel_values`` has a row for each of their patches.
    """
    visual, count = model.model.visual, len(batch["input_ids"])
    each = torch.tensor([4 * cell + patch for cell in cells for patch in range(4)])
    merge = visual.spatial_merge_size
    indices, weights = get_vision_interpolation_indices_and_weights(
        _GRID, visual.num_grid_per_side, visual.interpolation_mode, visual.interpolation_align_corners, merge
    )
    places = get_vision_position_ids(_GRID, merge)
    seen = visual(
        batch["pixel_values"],
        grid_thw=_GRID,
        position_ids=places[each].repeat(count, 1),
        interp_indices=indices[each].repeat(count, 1),
        interp_weights=weights[each].repeat(count, 1),
        cu_seqlens=torch.arange(count + 1, dtype=torch.int32) * len(each),
    )
    shown = batch["input_ids"] == model.config.image_token_id
    words = model.get_input_embeddings()(batch["input_ids"])
    hidden = model.model.language_model(
        inputs_embeds=words.masked_scatter(shown[..., None], seen.pooler_output.to(words.dtype)),
        attention_mask=batch["attention_mask"],
        position_ids=batch["position_ids"],
        visual_pos_masks=shown,
        deepstack_visual_embeds=seen.deepstack_features,
        use_cache=False,
    ).last_hidden_state
    logits = model.lm_head(hidden)
    loss = F.cross_entropy(
        logits[:, :-1].flatten(0, 1).float(), batch["labels"][:, 1:].flatten(), ignore_index=_IGNORED
    )
    return loss, logits, seen.pooler_output.reshape(count, len(cells), -1)
