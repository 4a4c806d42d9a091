"""Load a checked model folder, choose what learns, and prove it afterwards."""

import re
from pathlib import Path
from typing import Any

from apps.captures.hud.readings import MARKER, reads_tiles
from apps.training.trainers.folder import check_model_folder

# Vision tower, merger and deepstack mergers all lie below "visual".
VISUAL = re.compile(r"(^|\.)visual\.")
# PEFT matches a string with re.fullmatch; a list of names would be suffixes and would reach the vision tower too.
LORA_TARGETS = r".*language_model\.layers\.\d+\.(self_attn\.(q|k|v|o)_proj|mlp\.(gate|up|down)_proj)"


class FrozenPartLearns(Exception):
    """A parameter that has to stay as it is would be trained (or nothing would be)."""


def load(folder: Path) -> tuple[Any, Any]:
    """Model and processor from ``folder``: safetensors only, no code of the folder's own, nothing from the network.

    Raises:
        BadModel: see ``folder.check_model_folder``.
    """
    import torch
    from transformers import AutoModelForImageTextToText, AutoProcessor

    check_model_folder(folder)
    model = AutoModelForImageTextToText.from_pretrained(
        folder,
        dtype=torch.bfloat16 if torch.cuda.is_available() else torch.float32,
        use_safetensors=True,
        trust_remote_code=False,
        local_files_only=True,
    )
    return model, AutoProcessor.from_pretrained(folder, trust_remote_code=False, local_files_only=True)


def freeze_vision(model: Any) -> None:
    """Leave only the language model's weights open."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(not VISUAL.search(name))


def lora_config(rank: int) -> Any:
    """LoRA on the language model's projections, or None for ``rank`` 0 (all language weights)."""
    if rank == 0:
        return None
    from peft import LoraConfig

    return LoraConfig(r=rank, lora_alpha=2 * rank, target_modules=LORA_TARGETS, task_type="CAUSAL_LM")


def assert_only_language_learns(model: Any) -> int:
    """The number of parameters that will learn.

    Raises:
        FrozenPartLearns: one of the vision side is among them, or there are none.
    """
    learning = [(name, parameter.numel()) for name, parameter in model.named_parameters() if parameter.requires_grad]
    visual = [name for name, _ in learning if VISUAL.search(name)]
    if visual:
        raise FrozenPartLearns(
            f"{len(visual)} parameters of the vision side would be trained, for example {visual[0]}."
        )
    if not learning:
        raise FrozenPartLearns("No parameter would be trained.")
    return sum(count for _, count in learning)


def mark(folder: Path, start: Path) -> None:
    """Say in ``folder`` that its model reads tiles of the HUD, where it was trained from one that does."""
    import shutil

    if reads_tiles(start):
        shutil.copy(start / MARKER, folder)


def save_whole(model: Any, processor: Any, folder: Path, start: Path) -> None:
    """Write an ordinary model folder (LoRA merged in); it appears complete or not at all.

    What was trained from a reader of the HUD (the model in ``start``) is one.
    """
    import shutil

    draft = folder.with_name(f".{folder.name}-draft")
    shutil.rmtree(draft, ignore_errors=True)
    whole = model.merge_and_unload() if hasattr(model, "merge_and_unload") else model
    whole.save_pretrained(draft, safe_serialization=True)
    processor.save_pretrained(draft)
    mark(draft, start)
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
