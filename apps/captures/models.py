"""Models of captures."""
