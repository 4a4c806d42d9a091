from django.urls import path

from apps.training import views

app_name = "training"
urlpatterns = [
    path("state/<slug:kind>/<int:number>/", views.state, name="state"),
    path("runs/<int:number>/data/", views.run_data, name="run-data"),
    path("runs/<int:number>/stop/", views.stop_run, name="run-stop"),
    path("runs/<int:number>/evaluate/", views.evaluate_run, name="run-evaluate"),
    path("embedded/<int:number>/<str:file>", views.embedded_tile, name="embedded-tile"),
    path("memory/", views.memory_estimate, name="memory"),
]
