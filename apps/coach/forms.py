"""What the coach's page posts."""

from django import forms

from apps.coach.advice.prompt import MAX_CONTEXT_CHARS


class AskForm(forms.Form):
    """A frame and, optionally, what the person says about the round. The bytes themselves are judged by ``frames``."""

    image = forms.FileField(
        allow_empty_file=True,
        error_messages={"required": "Choose, paste or drop a screenshot first."},
    )
    context = forms.CharField(
        required=False,
        max_length=MAX_CONTEXT_CHARS,
        error_messages={"max_length": f"The context is longer than {MAX_CONTEXT_CHARS} characters. Shorten it."},
    )

    def sentence(self) -> str:
        """The first thing that is wrong."""
        return next((str(messages[0]) for messages in self.errors.values()), "")
