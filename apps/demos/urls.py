from django.urls import path

from apps.demos import views

app_name = "demos"
urlpatterns = [
    path("", views.library, name="library"),
    path("demos/upload/", views.upload, name="upload"),
    path("demos/sample/", views.sample, name="sample"),
    path("demos/sample/<uuid:job_id>/", views.sample_state, name="sample-state"),
    path("demos/<int:demo_id>/", views.demo, name="demo"),
    path("demos/<int:demo_id>/delete/", views.delete, name="delete"),
    path("demos/<int:demo_id>/rounds/<int:number>/", views.replay, name="replay"),
    path("demos/<int:demo_id>/rounds/<int:number>/pack.json", views.pack, name="pack"),
    path("maps/<slug:name>.png", views.radar, name="radar"),
]
