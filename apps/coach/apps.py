from django.apps import AppConfig


class CoachConfig(AppConfig):
    name = "apps.coach"
    label = "coach"
    verbose_name = "Coach"
