"""The admin page, open to researchers and above rather than to ``is_staff``."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from apps.core.roles import Role, has_role


class ChimeraAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    def has_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.RESEARCHER)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """Where whoever may not pass is sent: there is one sign-in page, and it is not this one.

        Raises:
            PermissionDenied: they are signed in, so signing in again would not help.
        """
        if request.user.is_authenticated:
            raise PermissionDenied("This page needs a role you do not have: researcher for training, else admin.")
        return redirect_to_login(request.GET.get("next") or "/admin/")
