"""Pages of captures: plans, frames, review."""
