from django.urls import path

from apps.coach import consumers, views

app_name = "coach"
urlpatterns = [
    path("", views.live, name="live"),
    path("analyse/", views.analyse, name="analyse"),
    path("status/", views.status, name="status"),
    path("history/", views.history, name="history"),
    path("analyses/<uuid:analysis_id>/", views.analysis, name="analysis"),
    path("analyses/<uuid:analysis_id>/state/", views.state, name="state"),
    path("analyses/<uuid:analysis_id>/image/", views.image, name="image"),
]
websocket_urlpatterns = [path("ws/coach/", consumers.CoachConsumer.as_asgi())]  # type: ignore[arg-type]
