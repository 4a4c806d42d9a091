"""The account that lets the first person in."""

import secrets
from itertools import count

from django.db import transaction

from apps.core.models import User
from apps.core.selectors import active_admins

NAME = "admin"


def create_first_admin() -> tuple[str, str] | None:
    """Create a superuser where nobody can manage people; returns the name and the new password, else None.

    It is called "admin", or "admin-2" and so on where somebody has that name already: they are left alone. The
    password is kept as a hash only: whoever calls this shows it once.
    """
    with transaction.atomic():
        if active_admins().exists():
            return None
        password = secrets.token_urlsafe(12)
        name = _free_name()
        User.objects.create_superuser(name, password=password)
    return name, password


def _free_name() -> str:
    names = (NAME if number == 1 else f"{NAME}-{number}" for number in count(1))
    return next(name for name in names if not User.objects.filter(username=name).exists())
