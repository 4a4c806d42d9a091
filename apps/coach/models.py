"""Models of coach."""
