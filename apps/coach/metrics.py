"""What Prometheus may ask about the coach.

Counts and times are those of this process, or of all of them where PROMETHEUS_MULTIPROC_DIR names a folder they share
(prometheus_client's own way). How many answers are written and wait is read from the database, so it is true for all.
"""

from prometheus_client import CollectorRegistry, Counter, Histogram, Metric

__all__ = ["ABORTS", "ANSWERS", "FAILOVERS", "FIRST_TOKEN", "PREFIX", "REGISTRY", "TOKENS", "TOTAL", "Metric"]

FIRST_TOKEN_S = (0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60)
TOTAL_S = (0.5, 1, 2, 3, 5, 8, 13, 20, 30, 60, 120, 180)
PREFIX = "chimera_coach"

REGISTRY = CollectorRegistry()
ANSWERS = Counter(f"{PREFIX}_answers", "Answers that are over.", ["alias", "outcome"], registry=REGISTRY)
FIRST_TOKEN = Histogram(
    f"{PREFIX}_first_token_seconds",
    "From a question's turn to its first token.",
    ["alias"],
    buckets=FIRST_TOKEN_S,
    registry=REGISTRY,
)
TOTAL = Histogram(
    f"{PREFIX}_answer_seconds", "From a question's turn to its end.", ["alias"], buckets=TOTAL_S, registry=REGISTRY
)
TOKENS = Counter(f"{PREFIX}_tokens", "Tokens that models wrote.", ["alias"], registry=REGISTRY)
ABORTS = Counter(f"{PREFIX}_aborts", "Requests ended before their answer was.", ["alias"], registry=REGISTRY)
FAILOVERS = Counter(f"{PREFIX}_failovers", "Models passed over, since they said nothing.", ["alias"], registry=REGISTRY)
