"""The form of a new plan."""

from typing import Any

from django import forms

from apps.captures.game.profiles import PROFILES
from apps.captures.models import Decision, PovRule
from apps.captures.selectors.pages import capturable_demos
from apps.demos.models import Demo

USUAL_INTERVAL_S = 3.0  # D009
SHORT_S = 30.0  # a recording this short gets a denser plan
MOST_FRAMES = 5000


def suggested_interval_s(demo: Demo) -> float:
    """Three seconds; in a recording of seconds, enough for a handful of ticks."""
    length = (demo.last_tick - demo.first_tick) / (demo.tick_rate or 64.0)
    return USUAL_INTERVAL_S if length >= SHORT_S else max(0.25, round(length / 12 * 4) / 4)


class PlanForm(forms.Form):
    demo = forms.ModelChoiceField(Demo.objects.none(), label="Recording", empty_label=None)
    title = forms.CharField(max_length=200, required=False, label="Name", help_text="Left empty, the recording's name.")
    interval_s = forms.FloatField(
        min_value=0.125, max_value=600, label="Every … seconds", widget=forms.NumberInput(attrs={"step": "any"})
    )
    pov_rule = forms.ChoiceField(choices=PovRule.choices, label="Whose eyes")
    budget = forms.IntegerField(
        min_value=1, max_value=MOST_FRAMES, label="At most … frames", help_text="Events are kept, samples thinned out."
    )
    tick = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        required=False,
        label="Only this tick",
        help_text="One moment instead of samples; “Capture this” in the replay fills it in.",
    )
    hud_profile = forms.ChoiceField(
        choices=[(profile.name, profile.title) for profile in PROFILES.values()], label="HUD profile"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["demo"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = capturable_demos()

    @classmethod
    def for_demo(cls, demo: Demo | None, hud_profile: str, tick: int | None = None) -> "PlanForm":
        """A form filled with what suits ``demo``, for one moment of it where ``tick`` is given."""
        first: dict[str, Any] = {"budget": 200, "pov_rule": PovRule.ONE_EACH, "hud_profile": hud_profile}
        first["interval_s"] = suggested_interval_s(demo) if demo else USUAL_INTERVAL_S
        first["demo"] = demo.pk if demo else None
        first["tick"] = tick
        return cls(initial=first)


class DecisionForm(forms.Form):
    """Accept or reject, on the version of the frame that was seen."""

    decision = forms.ChoiceField(choices=[(word, word) for word in (Decision.ACCEPTED, Decision.REJECTED)])
    version = forms.IntegerField(min_value=0, max_value=10**9)
    reason = forms.CharField(max_length=300, required=False)
