from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.core.roles import Role, role_required


@role_required(Role.VIEWER)
def live(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")
