from django.urls import path

from apps.demos.views import demo, describing, exports, heatmaps, library, people, replay, resumable, uploads

app_name = "demos"
urlpatterns = [
    path("", library.library, name="library"),
    path("demos/suggest/", library.suggest, name="suggest"),
    path("demos/bulk/", describing.bulk, name="bulk"),
    path("demos/<int:demo_id>/state/", library.row_state, name="row-state"),
    path("demos/<int:demo_id>/describe/", describing.describe, name="describe"),
    path("demos/<int:demo_id>/recording/delete/", describing.remove_recording, name="delete-recording"),
    path("players/<int:steamid>/", people.player, name="player"),
    path("teams/<int:team_id>/", people.team, name="team"),
    path("events/<int:event_id>/", people.event, name="event"),
    path("demos/upload/", uploads.upload, name="upload"),
    path("demos/not-imported/dismiss/", uploads.dismiss, name="dismiss"),
    path("uploads/", resumable.collection, name="uploads"),
    path("uploads/<uuid:upload_id>/", resumable.one, name="upload-one"),
    path("demos/sample/", uploads.sample, name="sample"),
    path("demos/sample/<uuid:job_id>/", uploads.sample_state, name="sample-state"),
    path("demos/<int:demo_id>/", demo.demo, name="demo"),
    path("demos/<int:demo_id>/import/", demo.import_again, name="import-again"),
    path("demos/<int:demo_id>/decide/", demo.decide, name="decide"),
    path("demos/<int:demo_id>/export/<slug:kind>/", exports.export, name="export"),
    path("demos/<int:demo_id>/delete/", demo.delete, name="delete"),
    path("demos/<int:demo_id>/replay/", replay.replay, name="replay"),
    path("demos/<int:demo_id>/rounds/<int:number>/", replay.part, name="replay"),  # former addresses
    path("demos/<int:demo_id>/packs/<int:number>.json", replay.pack, name="pack"),
    path("demos/<int:demo_id>/packs/ground.json", replay.ground, name="ground"),
    path("heatmaps/", heatmaps.heatmaps, name="heatmaps"),
    path("heatmaps/data.json", heatmaps.data, name="heatmap-data"),
    path("maps/<slug:name>.png", replay.radar, name="radar"),
]
