from django.urls import URLPattern, path

from apps.coach import views

app_name = "coach"
urlpatterns = [path("", views.live, name="live")]
websocket_urlpatterns: list[URLPattern] = []
