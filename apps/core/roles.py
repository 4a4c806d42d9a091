"""The four roles, each holding everything the one before it may do.

Roles are Django groups (created by migration); a superuser holds every role.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, PermissionsMixin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponseBase


class Role(models.TextChoices):
    VIEWER = "viewer"  # uploads recordings, watches rounds, asks the coach
    REVIEWER = "reviewer"  # plans captures, accepts and rejects samples
    RESEARCHER = "researcher"  # builds datasets, launches runs
    ADMIN = "admin"  # manages people


ORDER = tuple(Role)


def role_of(user: AbstractBaseUser | AnonymousUser) -> Role | None:
    """The highest role ``user`` holds; None for nobody, the inactive and people without a group."""
    if not user.is_authenticated or not user.is_active:
        return None
    if not isinstance(user, PermissionsMixin):
        return None
    if user.is_superuser:
        return Role.ADMIN
    held = set(user.groups.values_list("name", flat=True))
    return next((role for role in reversed(ORDER) if role.value in held), None)


def has_role(user: AbstractBaseUser | AnonymousUser, role: Role) -> bool:
    """Whether ``user`` holds ``role`` or one above it."""
    held = role_of(user)
    return held is not None and ORDER.index(held) >= ORDER.index(role)


def role_required(
    role: Role,
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Refuse (403) a view to people below ``role``. Login itself is enforced by middleware."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not has_role(request.user, role):
                raise PermissionDenied(f"This page is for people with the role “{role}” or above.")
            return view(request, *args, **kwargs)

        return guarded

    return decorate
