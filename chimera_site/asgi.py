"""ASGI entry point: HTTP to Django, websockets to the consumers, each behind login and an Origin check."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chimera_site.settings")
http = get_asgi_application()

from chimera_site.urls import websocket_urlpatterns  # noqa: E402  (models are loaded only after the line above)

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
