from django.urls import path

from apps.coach import consumers
from apps.coach.views import answers, corrections, live

app_name = "coach"
urlpatterns = [
    path("", live.live, name="live"),
    path("analyse/", live.analyse, name="analyse"),
    path("status/", live.status, name="status"),
    path("history/", live.questions, name="history"),
    path("analyses/<uuid:analysis_id>/", answers.analysis, name="analysis"),
    path("analyses/<uuid:analysis_id>/state/", answers.state, name="state"),
    path("analyses/<uuid:analysis_id>/image/", answers.image, name="image"),
    path("analyses/<uuid:analysis_id>/frames/<int:position>/", answers.frame, name="frame"),
    path("analyses/<uuid:analysis_id>/rate/", answers.rate, name="rate"),
    path("analyses/<uuid:analysis_id>/share/", answers.share, name="share"),
    path("analyses/<uuid:analysis_id>/correct/", answers.correct, name="correct"),
    path("analyses/<uuid:analysis_id>/delete/", answers.delete, name="delete"),
    path("corrections/", corrections.corrections, name="corrections"),
    path("corrections/<int:correction_id>/decide/", corrections.decide, name="decide-correction"),
    path("corrections/<int:correction_id>/undo/", corrections.undo, name="undo-correction"),
]
websocket_urlpatterns = [path("ws/coach/", consumers.CoachConsumer.as_asgi())]  # type: ignore[arg-type]
