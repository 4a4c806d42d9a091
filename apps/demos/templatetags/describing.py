"""Template words of the library: platforms by name, and the form that describes a recording."""

from django import template

from apps.demos.forms import DescriptionForm
from apps.demos.models import Demo
from apps.demos.parsing.naming import PLATFORMS

register = template.Library()


@register.filter
def platform(word: str) -> str:
    """``faceit`` → "FACEIT"."""
    return PLATFORMS.get(word, word)


@register.simple_tag
def description_form(demo: Demo, typed: DescriptionForm | None = None) -> DescriptionForm:
    """The form with what somebody typed that could not be kept, else as the recording stands."""
    return typed if typed else DescriptionForm.of(demo)
