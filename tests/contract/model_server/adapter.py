"""``python -m tests.contract.model_server.adapter MODEL OUTPUT…``: LoRA adapters for the model in folder MODEL.

Each on the projections our training adapts, with random weights of its own, large enough that no answer stays as it
was. A process of its own, since torch stays in it.
"""

import sys
from pathlib import Path


def main(model: Path, outputs: list[Path]) -> None:
    import torch
    from peft import get_peft_model

    from apps.training.trainers.model import load, lora_config

    adapted = get_peft_model(load(model)[0], lora_config(4))
    for seed, output in enumerate(outputs):
        torch.manual_seed(seed)
        for name, parameter in adapted.named_parameters():
            if "lora_B" in name:  # zero as it is made: no change at all
                torch.nn.init.normal_(parameter, std=0.5)
        adapted.save_pretrained(output, safe_serialization=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(output) for output in sys.argv[2:]])
