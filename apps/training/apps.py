from django.apps import AppConfig


class TrainingConfig(AppConfig):
    name = "apps.training"
    label = "training"
    verbose_name = "Training"

    def ready(self) -> None:
        from apps.core.broadcast import TOPIC_ROLES
        from apps.core.roles import Role

        for topic in ("dataset", "run", "evaluation"):
            TOPIC_ROLES[topic] = Role.RESEARCHER
