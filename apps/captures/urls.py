from django.urls import path

from apps.captures import views

app_name = "captures"
urlpatterns = [path("", views.captures, name="list"), path("review/", views.review, name="review")]
