"""The admin page, open to researchers and above rather than to ``is_staff``."""

from django.http import HttpRequest
from unfold.sites import UnfoldAdminSite

from apps.core.roles import Role, has_role


class ChimeraAdminSite(UnfoldAdminSite):  # type: ignore[misc]
    def has_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, Role.RESEARCHER)
