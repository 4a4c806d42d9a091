"""The account that lets the first person in."""

import secrets

from django.db import transaction
from django.db.models import Q

from apps.core.models import User

NAME = "admin"


def create_first_admin() -> str | None:
    """Create the superuser "admin" where there is no superuser yet; returns the new password, else None.

    Somebody else of that name is left alone. The password is kept as a hash only: whoever calls this shows it once.
    """
    with transaction.atomic():
        if User.objects.filter(Q(is_superuser=True) | Q(username=NAME)).exists():
            return None
        password = secrets.token_urlsafe(12)
        User.objects.create_superuser(NAME, password=password)
    return password
