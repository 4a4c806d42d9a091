"""What holds for every page: the headers it carries, and addresses that no database can look up."""

from collections.abc import Awaitable, Callable
from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.decorators import sync_and_async_middleware
from django.utils.deprecation import MiddlewareMixin

from apps.core.roles import Role, has_role
from apps.core.services import throttling, tokens

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


class ApiMiddleware(MiddlewareMixin):
    """Tokens, and errors as JSON, for programs: the REST API and resumable uploads.

    ``Authorization: Bearer …`` makes its person the request's, without a session and so without a CSRF token. It comes
    before the check that somebody is signed in, which would send a program to a page.
    """

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if not request.path_info.startswith(TOKEN_PATHS):
            return None
        scheme, _, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            user = tokens.user_of(text.strip())
            if user is None:
                return _unknown_token(request.META.get("REMOTE_ADDR", ""))
            request.user = user
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        elif _is_api(request) and not request.user.is_authenticated:
            return _unauthorised(SIGN_IN)
        if _is_api(request) and not has_role(request.user, Role.VIEWER):
            return JsonResponse({"error": NO_ROLE}, status=403)
        return None

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not _is_api(request) or response.status_code < 400:
            return response
        if response.headers.get("Content-Type", "").startswith("application/json"):
            return response
        sentence = SENTENCES.get(response.status_code, SENTENCES[500 if response.status_code >= 500 else 400])
        answer = JsonResponse({"error": sentence}, status=response.status_code)
        if "Allow" in response.headers:
            answer.headers["Allow"] = response.headers["Allow"]
        return answer


TOKEN_PATHS = ("/api/", "/uploads/")
SIGN_IN = "Sign in, or send a token of yours: “Authorization: Bearer …”. Tokens are made on your account page."
NO_ROLE = "The API is for people with the role “viewer” or above."
UNKNOWN = "This token is unknown, was revoked, or has run out. Make a new one on your account page."
SENTENCES = {
    400: "This request makes no sense. Nothing was changed.",
    403: "You may not do this. Nothing was changed.",
    404: "There is nothing at this address. /api/docs lists those there are.",
    405: "This address does not take that method; the header Allow says which it takes. Nothing was changed.",
    413: "That is more than one request may carry. Nothing was changed.",
    500: "Something broke here; the log has it. Trying again is safe.",
}


def _is_api(request: HttpRequest) -> bool:
    """Whether a program asks: all of the API but its page for people."""
    return request.path_info.startswith("/api/") and not request.path_info.startswith("/api/docs")


def _unauthorised(sentence: str) -> HttpResponse:
    return JsonResponse({"error": sentence}, status=401, headers={"WWW-Authenticate": "Bearer"})


def _unknown_token(address: str) -> HttpResponse:
    if minutes := throttling.minutes_after_wrong_token(address):
        sentence = f"Too many unknown tokens came from your address. Try again in {minutes} minutes."
        return JsonResponse({"error": sentence}, status=429, headers={"Retry-After": str(60 * minutes)})
    return _unauthorised(UNKNOWN)
