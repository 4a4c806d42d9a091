"""``/metrics``: what Prometheus reads, for programs on this machine and for admins."""

import os
from collections.abc import Iterable, Iterator
from ipaddress import ip_address

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from apps.coach import metrics, selectors
from apps.coach.services import turns
from apps.core.roles import Role, has_role

FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-Ip")


@require_GET
@never_cache
@login_not_required
def scrape(request: HttpRequest) -> HttpResponse:
    """Counts, times and what happens now, in Prometheus' text format."""
    if not _from_this_machine(request) and not has_role(request.user, Role.ADMIN):
        raise PermissionDenied("Metrics are for programs on this machine and for admins.")
    return HttpResponse(generate_latest(_registry()), content_type=CONTENT_TYPE_LATEST)


def _from_this_machine(request: HttpRequest) -> bool:
    """A proxy on this machine speaks for somebody else: it says so by a header."""
    if any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Now())
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_Counted())
    return registry


class _Counted(Collector):
    """The counts of this process."""

    def collect(self) -> Iterable[metrics.Metric]:
        return metrics.REGISTRY.collect()


class _Now(Collector):
    """What is true now, whichever process is asked."""

    def collect(self) -> Iterator[metrics.Metric]:
        streaming, waiting = turns.standing()
        yield GaugeMetricFamily(f"{metrics.PREFIX}_streaming", "Answers being written.", value=streaming)
        yield GaugeMetricFamily(f"{metrics.PREFIX}_waiting", "Questions in line for a model.", value=waiting)
        up = GaugeMetricFamily(f"{metrics.PREFIX}_model_up", "Whether a model answers.", labels=["alias"])
        for alias in selectors.aliases():
            if alias.up is not None:
                up.add_metric([alias.alias], float(alias.up))
        yield up
