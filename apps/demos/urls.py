from django.urls import path

from apps.demos import views

app_name = "demos"
urlpatterns = [path("", views.library, name="library")]
