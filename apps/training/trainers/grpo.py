"""Group-relative policy optimisation: several answers to one frame, and more of what earned more.

    python -m apps.training.trainers.grpo --config run.json

Reads a manifest, a start model and a reward preset; writes ``metrics.jsonl``, ``completions.jsonl``, checkpoints and
``final/`` below the configured output. SIGTERM finishes the step, saves a checkpoint and ends with status 0.
"""

import sys
from pathlib import Path

from apps.training.datasets.chat import grpo_record
from apps.training.rewards.presets import DEFAULT, PRESETS
from apps.training.rewards.signals import signals
from apps.training.trainers.config import BadConfig, RunConfig
from apps.training.trainers.data import load_samples, shown_to, with_frames
from apps.training.trainers.output import CHECKPOINTS, FINAL, TILES, Stop, last_complete_checkpoint
from apps.training.trainers.recorder import Recorder
from apps.training.trainers.session import run


def train(config: RunConfig, output: Path, stop: Stop) -> int:
    """Train as configured; returns the last step."""
    preset = PRESETS.get(config.preset or DEFAULT)
    if preset is None:
        raise BadConfig(f"There is no reward preset “{config.preset}”; choose one of {', '.join(PRESETS)}.")

    # 1. What to ask: the prompt with the frame, and beside it the truth that the signals read.
    samples = load_samples(Path(config.manifest), Path(config.images), "train")
    images = shown_to(Path(config.model), samples, Path(config.images), output / TILES)
    data = with_frames([grpo_record(sample) for sample in samples], images)

    import torch
    from trl import GRPOConfig, GRPOTrainer

    from apps.training.trainers import model as models
    from apps.training.trainers.reporting import Reporter

    # 2. The model, its vision side frozen; the signals of the preset, watched.
    p = config.parameters
    model, processor = models.load(Path(config.model))
    models.freeze_vision(model)
    # As TRL pads prompts. On the other side the places of a shorter prompt's image would be taken for text.
    processor.tokenizer.padding_side = "left"
    recorder = Recorder(signals(preset), p["num_generations"], output)

    # 3. TRL's own trainer. One generation batch per step: ``groups`` prompts times G answers.
    gpu = torch.cuda.is_available()
    trainer = GRPOTrainer(
        model=model,
        processing_class=processor,
        reward_funcs=recorder.functions(),
        train_dataset=data,
        peft_config=models.lora_config(p["lora_rank"]),
        args=GRPOConfig(
            output_dir=str(output / CHECKPOINTS),
            max_steps=p["steps"],
            per_device_train_batch_size=p["groups"] * p["num_generations"],
            num_generations=p["num_generations"],
            max_completion_length=p["max_new_tokens"],
            temperature=p["temperature"],
            beta=p["beta"],
            loss_type=p["loss_type"],
            multi_objective_aggregation=p["aggregation"],
            reward_weights=[signal.weight for signal in recorder.signals],
            learning_rate=p["learning_rate"],
            remove_unused_columns=False,
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
        callbacks=[Reporter(output, stop, Path(config.model), recorder)],
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
    sys.exit(run("grpo", __doc__, train))
