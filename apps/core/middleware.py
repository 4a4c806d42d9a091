"""What holds for every page: the headers it carries, and addresses that no database can look up."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin

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


class RefuseNulMiddleware(MiddlewareMixin):
    """An address with a NUL character is answered with 400.

    PostgreSQL keeps no NUL in text and fails on the query, in every list that filters by what the address says; SQLite
    finds nothing. Forms refuse it field by field.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if "\0" in request.path_info or "\0" in unquote(request.META.get("QUERY_STRING", "")):
            return render(request, "400.html", status=400)
        return None
