"""The embedded model: a small Qwen3-VL in stock classes that reads a packed tile of the HUD.

About eight million parameters, so that it can travel with the project. It speaks the tokenizer of ``tiny_tokenizer``,
to which the names of the HUD's values and the phrases of advice are added.
"""

from typing import Any

from apps.captures.hud.groups import TILE
from apps.captures.hud.readings import ASK, FIELDS
from apps.training.trainers.hud.advice_tokens import JOINTS, PHRASES
from apps.training.trainers.tiny_tokenizer import SPECIAL_TOKENS, build_tokenizer

PIXELS = TILE[0] * TILE[1]
MAX_POSITIONS = 8192


def tokenizer() -> Any:
    from tokenizers import AddedToken

    made = build_tokenizer()
    keys = [f'{before}"{name}": ' for before in (", ", "{", "") for name in FIELDS]
    made.add_tokens([AddedToken(text, normalized=False) for text in (*keys, ASK, *PHRASES, *JOINTS)])
    return made


def processor() -> Any:
    """The stock processor; a tile goes through unchanged, anything else is brought to about its number of pixels."""
    from pathlib import Path

    from transformers import Qwen2VLImageProcessor, Qwen3VLProcessor, Qwen3VLVideoProcessor

    size = {"shortest_edge": 4 * 32 * 32, "longest_edge": PIXELS}
    layout = {"patch_size": 16, "merge_size": 2, "temporal_patch_size": 2}
    half = [0.5, 0.5, 0.5]
    template = Path(__file__).parents[1] / "tiny_chat_template.jinja"
    return Qwen3VLProcessor(
        image_processor=Qwen2VLImageProcessor(size=size, image_mean=half, image_std=half, **layout),
        video_processor=Qwen3VLVideoProcessor(size=size, image_mean=half, image_std=half, **layout),
        tokenizer=tokenizer(),
        chat_template=template.read_text(),
    )


def config(words: Any) -> Any:
    """The architecture."""
    from transformers import Qwen3VLConfig

    token = {name: words.convert_tokens_to_ids(name) for name in SPECIAL_TOKENS}
    return Qwen3VLConfig(
        text_config={
            "vocab_size": len(words),
            "hidden_size": 288,
            "intermediate_size": 768,
            "num_hidden_layers": 4,
            "num_attention_heads": 9,
            "num_key_value_heads": 3,
            "head_dim": 32,
            "max_position_embeddings": MAX_POSITIONS,
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10_000.0,
                "mrope_section": [6, 5, 5],
                "mrope_interleaved": True,
            },
            "pad_token_id": words.pad_token_id,
            "eos_token_id": words.eos_token_id,
            "tie_word_embeddings": True,
        },
        vision_config={
            "depth": 4,
            "hidden_size": 192,
            "intermediate_size": 640,
            "num_heads": 6,
            "patch_size": 16,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "out_hidden_size": 288,
            "num_position_embeddings": 1024,
            "deepstack_visual_indexes": [1],
        },
        image_token_id=token["<|image_pad|>"],
        video_token_id=token["<|video_pad|>"],
        vision_start_token_id=token["<|vision_start|>"],
        vision_end_token_id=token["<|vision_end|>"],
        tie_word_embeddings=True,
        dtype="float32",
    )
