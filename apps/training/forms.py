"""What people fill in: build a dataset, launch a run, evaluate a model."""

import uuid
from collections.abc import Iterator
from typing import Any

from django import forms

from apps.training import selectors
from apps.training.models import Checkpoint, Dataset, Method, Split
from apps.training.rewards.presets import DEFAULT, PRESETS
from apps.training.trainers.config import METHODS, PARAMETERS, BadConfig, Parameter, check_parameters, parameters_of

EMBEDDED = "Embedded model"


class OnceForm(forms.Form):
    """A form with a key of its own, so that sending it twice does its work once."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class DatasetForm(OnceForm):
    name = forms.SlugField(
        max_length=80, initial="frames", help_text="The same name again makes the next version; old ones stay."
    )
    map_name = forms.ChoiceField(label="Map", required=False)
    val = forms.FloatField(
        label="Validation share", min_value=0, max_value=0.9, initial=0.1, help_text="Share of the matches, 0 to 0.9."
    )
    test = forms.FloatField(
        label="Test share", min_value=0, max_value=0.9, initial=0.1, help_text="Share of the matches, 0 to 0.9."
    )
    seed = forms.IntegerField(min_value=0, max_value=2**31 - 1, initial=0)

    def __init__(self, *args: Any, maps: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["map_name"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "all maps"), *((name, name) for name in maps)]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("val", 0) + data.get("test", 0) >= 1:
            raise forms.ValidationError("Validation and test together must leave something to train on.")
        return data


class RunForm(OnceForm):
    """Method, data, start model, preset; one field per hyper-parameter, named ``<method>-<parameter>``."""

    method = forms.ChoiceField(choices=Method.choices, initial=Method.SFT, widget=forms.RadioSelect)
    dataset = forms.ModelChoiceField(Dataset.objects.none(), empty_label=None)
    start = forms.ModelChoiceField(Checkpoint.objects.none(), required=False, empty_label=EMBEDDED, label="Start from")
    preset = forms.ChoiceField(
        label="Reward", choices=[(name, name) for name in PRESETS], initial=DEFAULT, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, queryset in (
            ("dataset", selectors.ready_datasets()),
            ("start", Checkpoint.objects.select_related("run")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = queryset
        for method in METHODS:
            for parameter in parameters_of(method):
                self.fields[f"{method}-{parameter.name}"] = _field(parameter, method)

    def parameters_for(self, method: str) -> Iterator[forms.BoundField]:
        """The bound hyper-parameter fields of one method, in the table's order."""
        for parameter in PARAMETERS:
            if method in parameter.default:
                yield self[f"{method}-{parameter.name}"]

    def sft_fields(self) -> Iterator[forms.BoundField]:
        return self.parameters_for("sft")

    def grpo_fields(self) -> Iterator[forms.BoundField]:
        return self.parameters_for("grpo")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        method = data.get("method")
        if method not in METHODS:
            return data
        given = {p.name: data.get(f"{method}-{p.name}") for p in parameters_of(method)}
        try:
            data["parameters"] = check_parameters(method, {k: v for k, v in given.items() if v not in (None, "")})
        except BadConfig as error:
            raise forms.ValidationError(str(error)) from error
        dataset = data.get("dataset")
        if dataset is not None and not dataset.split_counts.get(Split.TRAIN):
            self.add_error("dataset", "This dataset has no training samples.")
        return data


class EvaluationForm(OnceForm):
    checkpoint = forms.ModelChoiceField(
        Checkpoint.objects.select_related("run"), required=False, empty_label=EMBEDDED, label="Model"
    )
    dataset = forms.ModelChoiceField(Dataset.objects.none(), empty_label=None)
    split = forms.ChoiceField(choices=Split.choices, initial=Split.VALIDATION)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["dataset"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = selectors.ready_datasets()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        dataset = data.get("dataset")
        if dataset is not None and not dataset.split_counts.get(data.get("split")):
            held = ", ".join(selectors.splits_of(dataset)) or "none"
            self.add_error("split", f"This dataset has no samples there. Splits with samples: {held}.")
        return data


def _field(parameter: Parameter, method: str) -> forms.Field:
    common = {
        "label": parameter.label,
        "initial": parameter.default[method],
        "required": False,
        "help_text": parameter.help,
    }
    if parameter.kind == "choice":
        return forms.ChoiceField(choices=[(c, c) for c in parameter.choices], **common)
    # The bounds are said in check_parameters' sentence, for the method that was chosen; here they guide the browser.
    bounds = {"min": parameter.low, "max": parameter.high}
    if parameter.kind == "int":
        return forms.IntegerField(widget=forms.NumberInput(attrs=bounds), **common)
    return forms.FloatField(widget=forms.NumberInput(attrs={**bounds, "step": "any"}), **common)
