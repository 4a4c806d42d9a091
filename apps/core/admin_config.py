"""Apart from ``apps.py``: Django takes every AppConfig it finds there for a candidate of ``apps.core``."""

from django.contrib.admin.apps import AdminConfig


class ChimeraAdminConfig(AdminConfig):
    """django.contrib.admin with a site that asks for a role instead of ``is_staff``."""

    default_site = "apps.core.admin_site.ChimeraAdminSite"
