"""Admin pages of people and jobs, and the role-based base that other apps' pages build on."""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django_rq.models import Dashboard
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from apps.core.models import Job, User
from apps.core.roles import Role, has_role
from apps.core.selectors import locked_admins

LAST_ADMIN = "Nobody else could manage people then. Make somebody else an admin first."


class RoleAdmin(ModelAdmin):  # type: ignore[misc]
    """A model's admin page by role instead of by per-model permissions."""

    role_to_view: ClassVar[Role] = Role.RESEARCHER
    role_to_change: ClassVar[Role] = Role.RESEARCHER

    def has_module_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, self.role_to_view)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, self.role_to_view)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return has_role(request.user, self.role_to_change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, self.role_to_change)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return has_role(request.user, self.role_to_change)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Only what the page's own filters write into an address.

        Django lets addresses filter by any column and any lookup; ``id__in`` with a number beyond 64 bits then breaks.
        """
        asked = {f"{name}{tail}" for name in self.list_filter for tail in ("", "__exact", "__id__exact", "__isnull")}
        return lookup in asked


admin.site.unregister(Dashboard)  # it asks for is_staff alone; our own page of jobs shows what people need
admin.site.unregister(Group)  # roles are fixed: people are put into them on their own page


class PersonForm(UserChangeForm):  # type: ignore[misc]
    """A person's page, which does not let the last admin go."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        # Locked, so that of two admins who put each other out at once one is refused.
        if locked_admins() == {self.instance.pk} and not self._stays_admin(cleaned or {}):
            raise ValidationError(LAST_ADMIN)
        return cleaned

    def _stays_admin(self, cleaned: dict[str, Any]) -> bool:
        groups = {group.name for group in cleaned.get("groups", ())}
        return bool(cleaned.get("is_active")) and (self.instance.is_superuser or Role.ADMIN in groups)


@admin.register(User)
class UserAdmin(RoleAdmin, DjangoUserAdmin):  # type: ignore[type-arg]
    role_to_view = Role.ADMIN
    role_to_change = Role.ADMIN
    form = PersonForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "roles", "is_active", "last_login")
    list_filter = ("groups", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ("Roles", {"fields": ("is_active", "groups")}),
    )
    add_fieldsets = DjangoUserAdmin.add_fieldsets  # unfold's base has an empty one, and it comes first
    filter_horizontal = ("groups",)
    actions = None  # people are deleted one by one, where what goes with them is shown

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go, and what forbids it."""
        gone, counts, needed, protected = super().get_deleted_objects(objs, request)
        leaving = {user.pk for user in objs}
        if not locked_admins() - leaving:
            protected = [*protected, LAST_ADMIN]
        return gone, counts, needed, protected

    @admin.display(description="Roles")
    def roles(self, user: User) -> str:
        return "superuser" if user.is_superuser else ", ".join(user.groups.values_list("name", flat=True)) or "none"


@admin.register(Job)
class JobAdmin(RoleAdmin):
    list_display = ("title", "queue", "status", "message", "created_by", "created_at")
    list_filter = ("status", "queue")
    search_fields = ("title", "message")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
