"""What both looks of the finder have in common: convolutions, and for each mark where it is seen."""

import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 - torch's own name

from apps.captures.hud.groups import MARKS


class Marking(nn.Module):
    """Layers as ``captures.hud.convolving`` runs them, under the same names, and a head.

    ``layers``: name → stride and dilation; ``widths``: name → channels in and out; ``rare``: the logit of a mark in a
    cell before anything is learnt.
    """

    def __init__(self, layers: dict[str, tuple[int, int]], widths: dict[str, tuple[int, int]], rare: float) -> None:
        super().__init__()
        self.layers = tuple(layers)
        for name, (stride, dilation) in layers.items():
            setattr(self, name, nn.Conv2d(*widths[name], 3, stride, dilation, dilation))
        self.head = nn.Conv2d(widths[self.layers[-1]][1], 3 * len(MARKS), 1)
        assert self.head.bias is not None
        nn.init.constant_(self.head.bias[: len(MARKS)], rare)

    def look(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Features, heat (n × marks × rows × columns, logits) and shift (n × marks × 2 × rows × columns)."""
        for name in self.layers:
            x = F.relu(getattr(self, name)(x))
        head = self.head(x)
        return x, head[:, : len(MARKS)], head[:, len(MARKS) :].unflatten(1, (len(MARKS), 2))
