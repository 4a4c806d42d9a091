"""The library: all recordings."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.core.roles import Role, role_required
from apps.core.selectors import may_steer
from apps.core.views import person
from apps.demos.selectors import library as selectors


@require_GET
@role_required(Role.VIEWER)
def library(request: HttpRequest) -> HttpResponse:
    """All recordings and the imports under way; asked for by htmx, only those two."""
    user = person(request)
    demos = Paginator(selectors.library(), 50).get_page(request.GET.get("page"))
    imports = [(job, may_steer(user, job)) for job in selectors.current_imports()]
    template = "demos/library_list.html" if request.headers.get("HX-Request") else "demos/library.html"
    return render(request, template, {"demos": demos, "imports": imports, "page": demos})
