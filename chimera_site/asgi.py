"""ASGI entry point: HTTP to Django, websockets to the consumers, each behind login and an Origin check."""

import gc
import os
import warnings

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application
from django.db import connection
from django.urls import re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chimera_site.settings")
http = get_asgi_application()
# Static files and pictures are small and sent as they lie on the disk; waiting for the disk is what was meant.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")

# SQLite tidies up (and waits for the disk) whenever the last connection closes, which would be after every look of a
# socket at the database. In this process only: connections must not be carried across the fork of a worker.
if connection.vendor == "sqlite":
    connection.settings_dict["CONN_MAX_AGE"] = 60

# Models are loaded only after the line above.
from apps.core.consumers import NowhereConsumer  # noqa: E402
from apps.demos.streaming import StreamedUploads  # noqa: E402
from chimera_site.urls import websocket_urlpatterns  # noqa: E402

sockets = URLRouter([*websocket_urlpatterns, re_path("", NowhereConsumer.as_asgi())])  # type: ignore[arg-type,list-item]

application = ProtocolTypeRouter(
    {
        "http": StreamedUploads(http),
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(sockets)),
    }
)

# What is loaded by now stays for good. Looking through all of it for garbage would stop every running answer for an
# eighth of a second, again and again.
gc.collect()
gc.freeze()
