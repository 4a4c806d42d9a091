from django.urls import path

from apps.demos.views import demo, library, replay, resumable, uploads

app_name = "demos"
urlpatterns = [
    path("", library.library, name="library"),
    path("demos/upload/", uploads.upload, name="upload"),
    path("uploads/", resumable.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", resumable.one, name="upload-one"),
    path("demos/sample/", uploads.sample, name="sample"),
    path("demos/sample/<uuid:job_id>/", uploads.sample_state, name="sample-state"),
    path("demos/<int:demo_id>/", demo.demo, name="demo"),
    path("demos/<int:demo_id>/delete/", demo.delete, name="delete"),
    path("demos/<int:demo_id>/rounds/<int:number>/", replay.replay, name="replay"),
    path("demos/<int:demo_id>/rounds/<int:number>/pack.json", replay.pack, name="pack"),
    path("maps/<slug:name>.png", replay.radar, name="radar"),
]
