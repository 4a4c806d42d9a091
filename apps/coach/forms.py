"""What the coach's pages post."""

import json
from typing import Any

from django import forms

from apps.coach.advice.prompt import MAX_CONTEXT_CHARS

MAX_VALUE_CHARS = 500


class Words(forms.CharField):
    """Lines as the page counts them and models are told them: browsers send each line's end as two characters."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class AskForm(forms.Form):
    """A question without its frames, which ``frames`` judges by their bytes."""

    context = Words(
        required=False,
        max_length=MAX_CONTEXT_CHARS,
        error_messages={"max_length": f"The context is longer than {MAX_CONTEXT_CHARS} characters. Shorten it."},
    )
    alias = forms.CharField(required=False, max_length=60)
    alias_b = forms.CharField(required=False, max_length=60)  # empty: nothing to compare with
    moment_demo = forms.IntegerField(required=False, min_value=0)
    moment_tick = forms.IntegerField(required=False, min_value=0)
    moment_slot = forms.IntegerField(required=False, min_value=0)

    def sentence(self) -> str:
        """The first thing that is wrong."""
        return next((str(messages[0]) for messages in self.errors.values()), "")


class CorrectionForm(forms.Form):
    """One field of an answer and what it should have been, as JSON."""

    field = forms.CharField(max_length=80)
    value = forms.CharField(max_length=MAX_VALUE_CHARS)

    def clean_value(self) -> Any:
        try:
            return json.loads(self.cleaned_data["value"], parse_constant=_refuse)
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError("That value was not understood. Nothing was changed.") from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)
