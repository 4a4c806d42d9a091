"""A tiny Qwen3-VL of the real architecture, for machines without a GPU and for tests.

    python -m apps.training.trainers.tiny --output DIR [--seed N]

About 3 million random parameters in stock classes (``Qwen3VLForConditionalGeneration`` and its processor) with a
tokenizer of our own, saved as an ordinary Hugging Face folder. Its advice is worthless until it is trained; the way
it travels through training and serving is that of a large model.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from apps.training.trainers.tiny_tokenizer import SPECIAL_TOKENS, build_tokenizer

# A 1920×1080 frame becomes 320×192 pixels = 20×12 patches = 60 image tokens after the 2×2 merge.
MAX_PIXELS = 64 * 32 * 32
MIN_PIXELS = 4 * 32 * 32
MAX_POSITIONS = 8192
MARKER = "chimera-tiny.json"


def create_tiny_model(output: Path, seed: int = 0) -> bool:
    """Write the model folder at ``output``; False when a whole one is already there.

    The folder appears complete or not at all: it is written beside ``output`` and renamed.

    Raises:
        FileExistsError: ``output`` holds something else, which is left alone.
    """
    if (output / MARKER).is_file():
        return False
    if output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise FileExistsError(f"{output} holds something else; nothing was written. Choose another folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        _write(draft, seed)
        draft.chmod(0o755)
        if output.exists():
            output.rmdir()
        draft.rename(output)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return True


def _write(folder: Path, seed: int) -> None:
    import torch
    from transformers import GenerationConfig, Qwen3VLForConditionalGeneration

    processor = build_processor()
    tokenizer = processor.tokenizer
    torch.manual_seed(seed)
    model = Qwen3VLForConditionalGeneration(tiny_config(tokenizer))
    # Sampling, as the checkpoints of Qwen3-VL are published: asked greedily, fresh weights repeat one byte for ever,
    # and `transformers serve` takes a request's temperature only where sampling is on.
    model.generation_config = GenerationConfig(
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        do_sample=True,
        temperature=1.0,
        max_new_tokens=512,
    )
    model.save_pretrained(folder, safe_serialization=True)
    processor.save_pretrained(folder)
    parameters = sum(parameter.numel() for parameter in model.parameters())
    (folder / MARKER).write_text(json.dumps({"seed": seed, "parameters": parameters}) + "\n")


def build_processor() -> Any:
    """The stock Qwen3-VL processor with few pixels per frame and our own tokenizer."""
    from transformers import Qwen2VLImageProcessor, Qwen3VLProcessor, Qwen3VLVideoProcessor

    size = {"shortest_edge": MIN_PIXELS, "longest_edge": MAX_PIXELS}
    layout = {"patch_size": 16, "merge_size": 2, "temporal_patch_size": 2}
    half = [0.5, 0.5, 0.5]
    return Qwen3VLProcessor(
        image_processor=Qwen2VLImageProcessor(size=size, image_mean=half, image_std=half, **layout),
        video_processor=Qwen3VLVideoProcessor(size=size, image_mean=half, image_std=half, **layout),
        tokenizer=build_tokenizer(),
        chat_template=Path(__file__).with_name("tiny_chat_template.jinja").read_text(),
    )


def tiny_config(tokenizer: Any) -> Any:
    """The architecture: every part of the real one, a few layers of each."""
    from transformers import Qwen3VLConfig

    token = {name: tokenizer.convert_tokens_to_ids(name) for name in SPECIAL_TOKENS}
    return Qwen3VLConfig(
        text_config={
            "vocab_size": len(tokenizer),
            "hidden_size": 192,
            "intermediate_size": 512,
            "num_hidden_layers": 3,
            "num_attention_heads": 6,
            "num_key_value_heads": 2,
            "head_dim": 32,
            "max_position_embeddings": MAX_POSITIONS,
            # Three shares of head_dim / 2: time, height, width.
            "rope_parameters": {
                "rope_type": "default",
                "rope_theta": 10_000.0,
                "mrope_section": [6, 5, 5],
                "mrope_interleaved": True,
            },
            "pad_token_id": tokenizer.pad_token_id,
            "eos_token_id": tokenizer.eos_token_id,
            "tie_word_embeddings": True,
        },
        vision_config={
            "depth": 3,
            "hidden_size": 128,
            "intermediate_size": 384,
            "num_heads": 4,
            "patch_size": 16,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "out_hidden_size": 192,
            "num_position_embeddings": 1024,
            "deepstack_visual_indexes": [0, 1],
        },
        image_token_id=token["<|image_pad|>"],
        video_token_id=token["<|video_pad|>"],
        vision_start_token_id=token["<|vision_start|>"],
        vision_end_token_id=token["<|vision_end|>"],
        tie_word_embeddings=True,
        dtype="float32",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        made = create_tiny_model(options.output, options.seed)
    except OSError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{'Created' if made else 'Already there:'} {options.output}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
