from django.apps import AppConfig
from django.db.models.signals import post_delete


class CoachConfig(AppConfig):
    name = "apps.coach"
    label = "coach"
    verbose_name = "Coach"

    def ready(self) -> None:
        from apps.captures.selectors.queues import QUEUES
        from apps.coach.inference_servers import servers
        from apps.coach.models import Frame
        from apps.coach.selectors import corrections_queue
        from apps.coach.services import retention
        from apps.coach.services.lifecycle import bury_abandoned
        from apps.coach.services.removing import remove_file
        from apps.core.services.housekeeping import CHORES

        servers()  # MODEL_SERVERS is wrong: say so now, not to the first person who asks
        QUEUES.append(corrections_queue)
        CHORES.extend((bury_abandoned, retention.remove_old))
        post_delete.connect(remove_file, sender=Frame, dispatch_uid="coach-remove-file")
