"""What people type about recordings: the library's filters and the description of one recording."""

from dataclasses import fields
from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict

from apps.demos.models import Demo, DemoSource
from apps.demos.parsing.naming import PLATFORMS
from apps.demos.selectors.library import SORTS, STATES, Search
from apps.demos.services import describing

LONG = 200  # characters of a search


class SearchForm(forms.Form):
    """The library's filters as an address carries them. A value that means nothing is left out, not complained of."""

    q = forms.CharField(required=False, max_length=LONG)
    map = forms.CharField(required=False, max_length=100)
    team = forms.IntegerField(required=False, min_value=0, max_value=2**53)
    player = forms.CharField(required=False, max_length=150)
    event = forms.IntegerField(required=False, min_value=0, max_value=2**53)
    platform = forms.ChoiceField(required=False, choices=list(PLATFORMS.items()))
    source = forms.ChoiceField(required=False, choices=DemoSource.choices)
    tag = forms.CharField(required=False, max_length=describing.TAG_CHARS)
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    state = forms.ChoiceField(required=False, choices=list(STATES.items()))
    sort = forms.ChoiceField(required=False, choices=[(name, label) for name, (label, _) in SORTS.items() if name])


def search_of(query: QueryDict) -> Search:
    """What an address asks for."""
    form = SearchForm({name: value[:1000] for name, value in query.items() if isinstance(value, str)})
    form.is_valid()
    return Search(**{f.name: value for f in fields(Search) if (value := form.cleaned_data.get(f.name)) is not None})


def _suggested(kind: str) -> dict[str, str]:
    """Attributes of a field that is completed from the names used so far."""
    return {
        "list": f"names-{kind}",
        "hx-get": f"/demos/suggest/?kind={kind}",
        "hx-trigger": "input changed delay:200ms",
        "hx-target": f"#names-{kind}",
        "hx-swap": "innerHTML",
    }


class DescriptionForm(forms.Form):
    """Tags, notes, event, teams and date of one recording."""

    tags = forms.CharField(
        required=False,
        max_length=2000,
        help_text="Parted by commas; kept in lower case.",
        widget=forms.TextInput(_suggested("tag")),
    )
    event = forms.CharField(required=False, widget=forms.TextInput(_suggested("event")))
    team0 = forms.CharField(required=False, label="Team that began as CT", widget=forms.TextInput(_suggested("team")))
    team1 = forms.CharField(required=False, label="Team that began as T", widget=forms.TextInput(_suggested("team")))
    played_at = forms.DateTimeField(
        required=False,
        label=f"Played at ({settings.TIME_ZONE})",
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    notes = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 5}))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in list(cleaned.items()):  # each by itself: every problem is named where it is
            try:
                describing.check({name: value})
            except describing.Refused as refusal:
                self.add_error(name, str(refusal))
        return self.cleaned_data

    @staticmethod
    def of(demo: Demo) -> "DescriptionForm":
        """The form as it stands for a recording."""
        teams = {f"team{row.roster}": row.team.name if row.team else "" for row in demo.teams.select_related("team")}
        return DescriptionForm(
            initial={
                "tags": ", ".join(tag.name for tag in demo.tags.all()),
                "event": demo.event.name if demo.event else "",
                "played_at": demo.played_at,
                "notes": demo.notes,
                **teams,
            }
        )
