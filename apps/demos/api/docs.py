"""The page that documents the API: made from its schema, in the site's own look; Swagger beside it, to try things."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI, Swagger
from ninja.openapi.docs import DocsBase

ENDLESS = 2**53  # a largest number that only says: whatever JSON can carry
TRY = Swagger(settings={"persistAuthorization": False, "validatorUrl": None, "tryItOutEnabled": True})


class Reference(DocsBase):
    """Every address with what it takes and answers; ``?try`` shows Swagger instead."""

    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        if "try" in request.GET:
            return TRY.render_page(request, api, **kwargs)
        schema = api.get_openapi_schema()
        return render(request, "demos/api_docs.html", {"groups": groups(schema), "version": schema["info"]["version"]})


def groups(schema: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations of an OpenAPI schema by their tag, each with method, path, sentences, fields and answers."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            about = str(operation.get("description", operation["summary"]))
            entry = {
                "method": method.upper(),
                "path": path,
                "id": operation["operationId"],
                "about": about,
                "sentence": operation["summary"],
                "fields": [*map(_parameter, operation.get("parameters", [])), *_body(schema, operation)],
                "answers": [
                    (status, _answered(schema, answer))
                    for status, answer in operation["responses"].items()
                    if status < 400
                ],
            }
            found.setdefault(operation["tags"][0], []).append(entry)
    return found


def first_sentence(text: str) -> str:
    """What a line has room for: "Delete a recording. Only who uploaded it." → "Delete a recording"."""
    return " ".join(text.partition("\n\n")[0].partition(". ")[0].split()).rstrip(".")


def _parameter(parameter: dict[str, Any]) -> dict[str, str]:
    place = {"path": "in the path", "query": "in the query"}.get(parameter["in"], parameter["in"])
    return _field(parameter["name"], parameter["schema"], place, required=parameter.get("required", False))


def _body(schema: dict[str, Any], operation: dict[str, Any]) -> list[dict[str, str]]:
    found = []
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        place = "in the JSON body" if kind == "application/json" else "in the form"
        body = _followed(schema, content["schema"])
        required = body.get("required", [])
        for name, about in body.get("properties", {}).items():
            found.append(_field(name, about, place, required=name in required))
    return found


def _field(name: str, about: dict[str, Any], place: str, *, required: bool) -> dict[str, str]:
    default = about.get("default")
    return {
        "name": name,
        "type": _type(about),
        "place": place + (", required" if required else ""),
        "default": "" if default in (None, "") else str(default),
        "about": str(about.get("description", "")),
    }


def _type(about: dict[str, Any]) -> str:
    """``integer, at least 1, at most 200``; alternatives joined by "or"."""
    if "enum" in about:
        return " | ".join(f"“{value}”" for value in about["enum"] if value != "")
    if "$ref" in about:
        return str(about["$ref"]).rpartition("/")[2]
    if "anyOf" in about:
        return " or ".join(_type(one) for one in about["anyOf"] if one.get("type") != "null")
    if about.get("type") == "array":
        return f"list of {_type(about.get('items', {}))}"
    words = [str(about.get("format") or about.get("type") or "anything")]
    words += [f"at least {about['minimum']:,}"] if "minimum" in about else []
    words += [f"at most {about['maximum']:,}"] if about.get("maximum", ENDLESS) < ENDLESS else []
    words += [f"at most {about['maxLength']:,} characters"] if "maxLength" in about else []
    return ", ".join(words)


def _answered(schema: dict[str, Any], answer: dict[str, Any]) -> list[dict[str, str]]:
    """The fields of an answer, those of a page's items included."""
    for content in answer.get("content", {}).values():
        about = content["schema"]
        listed = about.get("type") == "array"
        body = _followed(schema, about["items"] if listed else about)
        return [_field(name, one, "", required=False) for name, one in body.get("properties", {}).items()]
    return []


def _followed(schema: dict[str, Any], about: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in about:
        return about
    found: dict[str, Any] = schema["components"]["schemas"][str(about["$ref"]).rpartition("/")[2]]
    return found
