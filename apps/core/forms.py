"""The form of the sign-in page."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from apps.core.services import throttling


class SignInForm(AuthenticationForm):
    """Name and password; after several wrong passwords for one account, its sender has to wait."""

    error_messages = {  # noqa: RUF012  (as Django declares it)
        **AuthenticationForm.error_messages,
        "invalid_login": "That name and password do not belong together. Mind upper and lower case.",
    }

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return super().clean()
        address = self.request.META.get("REMOTE_ADDR", "") if self.request else ""
        if wait := throttling.minutes_to_wait(name, address):
            minutes = "a minute" if wait == 1 else f"{wait} minutes"
            raise ValidationError(f"Too many wrong passwords for this name. Try again in {minutes}.")
        cleaned = super().clean()
        throttling.forget_tries(name, address)
        return cleaned
