"""The API itself: who may, how errors look, what there is."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.parser import Parser
from ninja.security import APIKeyCookie, HttpBearer

from apps.core.models import User
from apps.core.roles import Role, role_required
from apps.demos.api import decisions, demos, jobs, tables, uploads
from apps.demos.api.docs import Reference, first_sentence
from apps.demos.services import deciding, describing

ABOUT = """
The library for programs: everything here can also be done on its pages.

Send a token of yours with every request, `Authorization: Bearer chimera_…`; tokens are made on your account page and
have the role that you have at that moment. In a browser that is signed in, this page works without one.

Every error is JSON, `{"error": "a sentence"}`.

**Large files** are better uploaded resumably, by the [tus protocol](https://tus.io/protocols/resumable-upload) 1.0.0 at
`/uploads/`, with the same token and any stock tus client. `POST /api/uploads` takes a file with an ordinary form.
"""

PARAMETERS = ("filters", "page", "words", "window", "changes", "decision")  # ours, not of who asks
WORDS = {
    "extra_forbidden": "there is no such field here",
    "model_attributes_type": "it has to be a JSON object, {…}",
}


class Token(HttpBearer):
    """A token of the account page; ``core.middleware`` has already looked at it, and at the role."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return _person(request)


class Session(APIKeyCookie):
    """A browser that is signed in; what it changes needs the CSRF token, as on the pages."""

    param_name = "sessionid"

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        return _person(request)


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


class StrictParser(Parser):
    """JSON without NaN, and without depths that Python cannot follow."""

    def parse_body(self, request: HttpRequest) -> Any:
        def refuse(word: str) -> None:
            raise ValueError(word)

        try:
            return json.loads(request.body, parse_constant=refuse)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class Api(NinjaAPI):
    """Operations are called by the first sentence about them, not by the names of our functions."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**kwargs)
        for methods in schema["paths"].values():
            for operation in methods.values():
                operation["summary"] = first_sentence(operation.get("description") or operation["summary"])
        return schema


api = Api(
    title="Chimera",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    auth=[Token(), Session()],
    parser=StrictParser(),
    docs=Reference(),
    docs_decorator=role_required(Role.VIEWER),
)
api.add_router("", demos.router)
api.add_router("", decisions.router)
api.add_router("", tables.router)
api.add_router("", uploads.router)
api.add_router("", jobs.router)


def _say(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return api.create_response(request, {"error": sentence}, status=status)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    first = error.errors[0] if error.errors else {"loc": ("request",), "msg": "is not understood"}
    path = [str(part)[:60] for part in first["loc"][1:] if part not in PARAMETERS]
    where = " → ".join(path) or "the request"
    said = WORDS.get(str(first.get("type")), str(first["msg"]))
    message = said.removeprefix("Value error, ").rstrip(".")
    return _say(request, f"“{where}”: {message[:1].lower()}{message[1:]}. Nothing was changed.", 422)


@api.exception_handler(AuthenticationError)
def _unauthorised(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return _say(request, "Sign in, or send a token: “Authorization: Bearer …”.", 401)


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return _say(request, str(error) or "You may not do this. Nothing was changed.", 403)


@api.exception_handler(Http404)
def _missing(request: HttpRequest, error: Http404) -> HttpResponse:
    return _say(request, str(error) or "It is not here.", 404)


@api.exception_handler(describing.Refused)
@api.exception_handler(deciding.Refused)
def _refused(request: HttpRequest, error: Exception) -> HttpResponse:
    return _say(request, str(error), 422)


@api.exception_handler(HttpError)
def _failed(request: HttpRequest, error: HttpError) -> HttpResponse:
    sentences = {
        "CSRF check Failed": "The CSRF token is missing or wrong: send “X-CSRFToken”, or a token instead of a session."
    }
    sentence = sentences.get(str(error), str(error))
    if error.status_code == 400 and "parse" in sentence.lower():
        sentence = "The body is no JSON that can be read. Nothing was changed."
    return _say(request, sentence, error.status_code)
