"""Widgets that are written in Python are the same as those of Django's templates."""

from __future__ import annotations

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates

from penstock.web.forms.rendering import WRITTEN, Quick

TRICKY = "<b>'a' & \"b\"</b>"
CHOICES = [("", "None"), (1, TRICKY), (TRICKY, "Plain"), ("Group", [("x", "X"), ("y", TRICKY)])]
WIDGETS = [
    (forms.TextInput({"class": "input", "required": True, "disabled": False, "data-n": 3}), TRICKY),
    (forms.TextInput(), None),
    (forms.TextInput(), ""),
    (forms.NumberInput({"step": "any"}), 1.5),
    (forms.HiddenInput(), 0),
    (forms.PasswordInput(), "secret"),
    (forms.EmailInput(), "a@b.test"),
    (forms.DateInput({"type": "date"}, format="%Y-%m-%d"), "2026-03-31"),
    (forms.Select({"class": TRICKY}, choices=CHOICES), 1),
    (forms.Select(choices=CHOICES), "y"),
    (forms.Select(choices=[]), None),
    (forms.Textarea(), TRICKY),
    (forms.CheckboxInput(), True),
]


@pytest.mark.parametrize(("widget", "value"), WIDGETS)
def test_widget_is_written_as_by_its_template(widget: forms.Widget, value: object) -> None:
    attrs = {"id": "id_name", "aria-invalid": "true"}

    quick = widget.render("na<me", value, attrs, renderer=Quick())

    assert quick == widget.render("na<me", value, attrs, renderer=DjangoTemplates())


def test_common_widgets_need_no_template() -> None:
    names = {widget.template_name for widget, _value in WIDGETS}

    assert names - set(WRITTEN) == {
        "django/forms/widgets/textarea.html",
        "django/forms/widgets/checkbox.html",
    }
