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
        from apps.demos.jobs.workplaces import sweep

        TOPIC_ROLES["demo"] = TOPIC_ROLES["demos"] = TOPIC_ROLES["upload"] = Role.VIEWER
        CHORES.extend(chore for chore in (tidy_uploads, sweep) if chore not in CHORES)
