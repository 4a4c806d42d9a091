from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path, reverse_lazy

from apps.core import consumers, views
from apps.core.forms import SignInForm

app_name = "core"
urlpatterns = [
    path(
        "sign-in/",
        LoginView.as_view(
            template_name="core/login.html", authentication_form=SignInForm, redirect_authenticated_user=True
        ),
        name="login",
    ),
    path("sign-out/", login_not_required(LogoutView.as_view()), name="logout"),
    path(
        "password/",
        views.PasswordChange.as_view(template_name="core/password.html", success_url=reverse_lazy("demos:library")),
        name="password",
    ),
    path("account/", views.account, name="account"),
    path("account/tokens/", views.make_token, name="token-make"),
    path("account/tokens/<int:token_id>/revoke/", views.revoke_token, name="token-revoke"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/retry/", views.retry, name="job-retry"),
    path("health/", views.health, name="health"),
]
websocket_urlpatterns = [path("ws/updates/", consumers.UpdatesConsumer.as_asgi())]  # type: ignore[arg-type]
