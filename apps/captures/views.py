from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.roles import Role, role_required


@role_required(Role.VIEWER)
def captures(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


@role_required(Role.VIEWER)
def review(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
