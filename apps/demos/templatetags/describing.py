"""Template words of the library: platforms by name, and the form that describes a recording."""

import re

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from apps.demos.forms import DescriptionForm
from apps.demos.models import Demo
from apps.demos.parsing.naming import PLATFORMS

register = template.Library()


@register.filter
def platform(word: str) -> str:
    """``faceit`` → "FACEIT"."""
    return PLATFORMS.get(word, word)


@register.filter
def code(text: str) -> SafeString:
    """Text with words in backticks as HTML: those are code."""
    escaped = conditional_escape(text)
    return mark_safe(re.sub(r"(`+)(.+?)\1", r"<code>\2</code>", escaped))  # noqa: S308  (escaped above)


@register.simple_tag
def description_form(demo: Demo, typed: DescriptionForm | None = None) -> DescriptionForm:
    """The form with what somebody typed that could not be kept, else as the recording stands."""
    return typed if typed else DescriptionForm.of(demo)
