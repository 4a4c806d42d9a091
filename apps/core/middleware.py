"""Response headers every page carries."""

from collections.abc import Awaitable, Callable

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

# The admin's own scripts (Alpine) evaluate expressions, so its pages need 'unsafe-eval'; ours never do.
BASE = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:;"
    " frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'; script-src 'self'"
)
ADMIN = BASE + " 'unsafe-inline' 'unsafe-eval'"


def _policy(request: HttpRequest) -> str:
    return ADMIN if request.path.startswith("/admin/") else BASE


@sync_and_async_middleware
def ContentSecurityPolicyMiddleware(  # noqa: N802  (named as Django names middleware)
    get_response: Callable[[HttpRequest], HttpResponse] | Callable[[HttpRequest], Awaitable[HttpResponse]],
) -> object:
    """No script, image or request from anywhere but this host."""
    from asgiref.sync import iscoroutinefunction

    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponse:
            response: HttpResponse = await get_response(request)  # type: ignore[misc]
            response.headers.setdefault("Content-Security-Policy", _policy(request))
            return response

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponse:
        response: HttpResponse = get_response(request)  # type: ignore[assignment]
        response.headers.setdefault("Content-Security-Policy", _policy(request))
        return response

    return synchronous
