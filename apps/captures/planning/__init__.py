"""Which ticks to photograph and through whose eyes. Pure: numbers in, numbers out."""
