"""Supervised fine-tuning: the model learns to say what the frame shows, as the engine knows it.

    python -m apps.training.trainers.sft --config run.json

Reads a manifest and a start model, writes ``metrics.jsonl``, checkpoints and ``final/`` below the configured output.
SIGTERM finishes the step, saves a checkpoint and ends with status 0.
"""

import sys
from pathlib import Path

from apps.training.datasets.chat import sft_record
from apps.training.trainers.config import RunConfig
from apps.training.trainers.data import load_samples, shown_to, with_frames
from apps.training.trainers.output import CHECKPOINTS, FINAL, TILES, Stop, last_complete_checkpoint
from apps.training.trainers.session import run

COLUMNS = ("prompt", "completion", "images")


def train(config: RunConfig, output: Path, stop: Stop) -> int:
    """Train as configured; returns the last step."""
    # 1. What to learn: the prompt with the frame, and the answer the engine's truth gives. Loss on the answer only.
    samples = load_samples(Path(config.manifest), Path(config.images), "train")
    images = shown_to(Path(config.model), samples, Path(config.images), output / TILES)
    records = [sft_record(sample, seed=config.parameters["seed"]) for sample in samples]
    data = with_frames([{name: record[name] for name in COLUMNS} for record in records], images)

    import torch
    from trl import SFTConfig, SFTTrainer

    from apps.training.trainers import model as models
    from apps.training.trainers.reporting import Reporter

    # 2. The model, its vision side frozen.
    p = config.parameters
    model, processor = models.load(Path(config.model))
    models.freeze_vision(model)

    # 3. TRL's own trainer. max_length stays open: a cut sequence would lose image tokens.
    gpu = torch.cuda.is_available()
    trainer = SFTTrainer(
        model=model,
        processing_class=processor,
        train_dataset=data,
        peft_config=models.lora_config(p["lora_rank"]),
        args=SFTConfig(
            output_dir=str(output / CHECKPOINTS),
            max_steps=p["steps"],
            per_device_train_batch_size=p["batch_size"],
            learning_rate=p["learning_rate"],
            lr_scheduler_type="cosine",
            warmup_steps=min(10, p["steps"] // 10),
            max_length=None,
            completion_only_loss=True,
            logging_steps=1,
            save_steps=p["save_every"],
            save_total_limit=3,
            seed=p["seed"],
            bf16=gpu,
            gradient_checkpointing=gpu,
            dataloader_pin_memory=gpu,
            report_to=[],
            disable_tqdm=True,
        ),
        callbacks=[Reporter(output, stop, Path(config.model))],
    )
    models.assert_only_language_learns(trainer.model)

    # 4. Learn, and keep what came of it.
    if stop:
        return 0
    last = last_complete_checkpoint(output / CHECKPOINTS) if config.resume else None
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    models.assert_only_language_learns(trainer.model)
    models.save_whole(trainer.model, processor, output / FINAL, Path(config.model))
    return int(trainer.state.global_step)


if __name__ == "__main__":
    sys.exit(run("sft", __doc__, train))
