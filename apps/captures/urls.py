from django.urls import path

from apps.captures.views import frames, plans, review

app_name = "captures"
urlpatterns = [
    path("", plans.plan_list, name="list"),
    path("new/", plans.new, name="new"),
    path("preview/", plans.plan_preview, name="preview"),
    path("<int:plan_id>/", plans.plan, name="plan"),
    path("<int:plan_id>/targets/", plans.plan_targets, name="targets"),
    path("<int:plan_id>/again/", plans.again, name="again"),
    path("<int:plan_id>/read/", plans.read, name="read"),
    path("<int:plan_id>/delete/", plans.delete, name="delete"),
    path("frames/<int:screenshot_id>.jpg", frames.frame, name="frame"),
    path("frames/<int:screenshot_id>/decide/", review.decide, name="decide"),
    path("review/", review.review, name="review"),
    path("review/<int:screenshot_id>/", review.review_frame, name="review-frame"),
    path("reviews/<int:review_id>/undo/", review.undo, name="undo"),
]
