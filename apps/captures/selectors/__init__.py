"""Reads of captures: what pages show, what the labeller knows, what training builds datasets from."""

from apps.captures.selectors.samples import accepted_samples, sample

__all__ = ["accepted_samples", "sample"]
