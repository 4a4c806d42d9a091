"""Models of demos."""
