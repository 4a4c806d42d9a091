"""Engine state → label, observability, round context, behaviour, contribution. Pure: polars and values in and out."""
