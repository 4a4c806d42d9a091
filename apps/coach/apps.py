from django.apps import AppConfig
from django.db.models.signals import post_delete


class CoachConfig(AppConfig):
    name = "apps.coach"
    label = "coach"
    verbose_name = "Coach"

    def ready(self) -> None:
        from apps.coach.models import Analysis
        from apps.coach.services.removing import remove_frame

        post_delete.connect(remove_frame, sender=Analysis, dispatch_uid="coach-remove-frame")
