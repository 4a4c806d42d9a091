from django.apps import AppConfig


class CapturesConfig(AppConfig):
    name = "apps.captures"
    label = "captures"
    verbose_name = "Captures"

    def ready(self) -> None:
        from apps.core.broadcast import TOPIC_ROLES
        from apps.core.roles import Role

        TOPIC_ROLES["captures"] = Role.VIEWER
