from django.apps import AppConfig


class DemosConfig(AppConfig):
    name = "apps.demos"
    label = "demos"
    verbose_name = "Demos"

    def ready(self) -> None:
        from apps.core.broadcast import TOPIC_ROLES
        from apps.core.roles import Role

        TOPIC_ROLES["demo"] = TOPIC_ROLES["demos"] = Role.VIEWER
