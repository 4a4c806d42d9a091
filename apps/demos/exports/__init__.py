"""Everything read from a recording, written for other programs: JSON, CSV, Parquet, and cs2-demo-viewer's rounds."""
