"""Statistics per player and round, and their sums."""
