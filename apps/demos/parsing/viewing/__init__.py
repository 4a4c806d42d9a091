"""What the viewer and the heat maps draw: packs, ground, sight, maps."""
