"""What learns and what does not, by parameter name."""

from pathlib import Path

import pytest

from apps.training.trainers import model as models


@pytest.mark.parametrize("rank", [0, 4])
def test_only_the_language_model_learns(tiny_model: Path, rank: int) -> None:
    from peft import get_peft_model

    model, _ = models.load(tiny_model)
    models.freeze_vision(model)
    if rank:
        model = get_peft_model(model, models.lora_config(rank))
    learning = [name for name, parameter in model.named_parameters() if parameter.requires_grad]
    assert models.assert_only_language_learns(model) > 0
    assert all("language_model" in name or "lm_head" in name for name in learning)
    if rank:  # a target that matches nothing would train nothing without a word
        assert len(learning) == 3 * 7 * 2


def test_the_assertion_notices_a_lora_on_everything(tiny_model: Path) -> None:
    from peft import LoraConfig, get_peft_model

    model, _ = models.load(tiny_model)
    everywhere = get_peft_model(model, LoraConfig(r=2, target_modules="all-linear"))
    with pytest.raises(models.FrozenPartLearns, match="vision"):
        models.assert_only_language_learns(everywhere)


def test_the_assertion_notices_that_nothing_learns(tiny_model: Path) -> None:
    model, _ = models.load(tiny_model)
    model.requires_grad_(False)
    with pytest.raises(models.FrozenPartLearns, match="No parameter"):
        models.assert_only_language_learns(model)
