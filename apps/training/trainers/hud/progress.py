"""How far the learning of a small network is: weights, optimiser and plan of its rate, kept in a file."""

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import nn


class Progress:
    """Goes on from ``state`` where that is there."""

    def __init__(self, model: nn.Module, state: Path, steps: int, rate: float) -> None:
        self.model, self.state, self.step = model, state, 0
        self.optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=1e-4)
        self.plan = torch.optim.lr_scheduler.OneCycleLR(self.optimiser, rate, steps, pct_start=0.1)
        if state.exists():
            saved = torch.load(state, weights_only=True)
            for name, part in self._parts().items():
                part.load_state_dict(saved[name])
            self.step = saved["step"]

    def _parts(self) -> dict[str, Any]:
        return {"model": self.model, "optimiser": self.optimiser, "plan": self.plan}

    def save(self) -> None:
        part = self.state.with_suffix(".part")
        torch.save({"step": self.step, **{name: part.state_dict() for name, part in self._parts().items()}}, part)
        part.replace(self.state)

    def learn(self, loss: torch.Tensor) -> None:
        """One step down."""
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self.model.parameters(), 5.0)
        self.optimiser.step()
        self.plan.step()
        self.step += 1

    def write(self, weights: Path) -> None:
        """The weights alone, as they are used."""
        save_file({name: value.contiguous() for name, value in self.model.state_dict().items()}, weights)
