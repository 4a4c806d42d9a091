from django.apps import AppConfig


class DemosConfig(AppConfig):
    name = "apps.demos"
    label = "demos"
    verbose_name = "Demos"

    def ready(self) -> None:
        from apps.core.broadcast import TOPIC_ROLES
        from apps.core.roles import Role
        from apps.core.services.housekeeping import CHORES
        from apps.demos.jobs.tidying import tidy_uploads

        TOPIC_ROLES["demo"] = TOPIC_ROLES["demos"] = TOPIC_ROLES["upload"] = Role.VIEWER
        if tidy_uploads not in CHORES:
            CHORES.append(tidy_uploads)
