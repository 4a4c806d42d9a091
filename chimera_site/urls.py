"""Every address of the site: pages first, then sockets."""

from typing import Any

from django.contrib import admin
from django.urls import include, path

from apps.coach.scraping import scrape
from apps.coach.urls import websocket_urlpatterns as coach_sockets
from apps.core.urls import websocket_urlpatterns as core_sockets
from apps.demos.api.site import api

urlpatterns = [
    path("", include("apps.demos.urls")),
    path("api/", api.urls),
    path("captures/", include("apps.captures.urls")),
    path("training/", include("apps.training.urls")),
    path("coach/", include("apps.coach.urls")),
    path("metrics", scrape, name="metrics"),
    path("", include("apps.core.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "apps.core.views.bad_request"
handler500 = "apps.core.views.broken"

websocket_urlpatterns: list[Any] = [*core_sockets, *coach_sockets]
