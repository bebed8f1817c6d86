"""Letters to customers: their templates, and one that is about to be sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from penstock.contacts.models import Person
from penstock.sales import access_mail, deal_mail, mail_templates
from penstock.sales.models import Activity, Deal, MailTemplate
from penstock.users.models import Member

ROWS = 10


class TemplateForm(forms.Form):
    """Name, language, subject and text of a template."""

    name = forms.CharField(label=_("Name"), max_length=mail_templates.LONGEST["name"])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    subject = forms.CharField(label=_("Subject"), max_length=mail_templates.LONGEST["subject"])
    text = forms.CharField(
        label=pgettext_lazy("of a letter", "Text"),
        max_length=mail_templates.LONGEST["text"],
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )

    def __init__(
        self, data: QueryDict | None, *, template: MailTemplate | None = None, language: str = ""
    ) -> None:
        start: dict[str, Any] = {"language": language}
        if template is not None:
            start = {name: getattr(template, name) for name in mail_templates.FIELDS}
        super().__init__(data, initial=start, auto_id="template_%s")


class WriteForm(forms.Form):
    """A letter: to whom, from which template, its subject and text.

    Whoever chooses another person or template gets the letter filled in anew.
    """

    person = forms.ModelChoiceField(
        Person.objects.none(), label=pgettext_lazy("a letter", "To"), empty_label=None
    )
    template = forms.ModelChoiceField(
        MailTemplate.objects.none(),
        label=_("Template"),
        required=False,
        empty_label=_("Without a template"),
    )
    subject = forms.CharField(label=_("Subject"), max_length=deal_mail.LONGEST_SUBJECT)
    text = forms.CharField(
        label=pgettext_lazy("of a letter", "Text"),
        max_length=deal_mail.LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": ROWS}),
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        deal: Deal,
        by: Member,
        asked: QueryDict,
        url: str,
        activity: Activity | None = None,
    ) -> None:
        super().__init__(data, auto_id="mail_%s")
        people, templates = deal_mail.people_of(deal), access_mail.templates_for(by)
        self.has_people = bool(people)
        offered = self.fields["person"], self.fields["template"]
        for field, rows in zip(
            offered,
            (Person.objects.filter(pk__in=[one.pk for one in people]), templates),
            strict=True,
        ):
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = rows
            field.widget.attrs |= {
                "hx-get": url,
                "hx-trigger": "change",
                "hx-include": "#mail_person, #mail_template",
                "hx-target": "#dialog-slot",
            }
        self.fields["template"].label_from_instance = _named  # type: ignore[attr-defined]  # -- a choice of rows
        if data is None:
            self.initial = self._start(deal, by, people, asked=asked, activity=activity)

    def _start(
        self,
        deal: Deal,
        by: Member,
        people: list[Person],
        *,
        asked: QueryDict,
        activity: Activity | None,
    ) -> dict[str, Any]:
        """Who is asked for, else who the plan names, else the first; the template likewise."""
        person = next((one for one in people if str(one.pk) == asked.get("person")), None)
        if person is None and activity is not None:
            person = next((one for one in people if one.pk == activity.person_id), None)
        person = person or next(iter(people), None)
        wanted = asked.get("template")
        if wanted is None and activity is not None:
            wanted = str(_planned_template(activity) or "")
        templates = self.fields["template"].queryset  # type: ignore[attr-defined]  # -- a choice of rows
        template = templates.filter(pk=wanted).first() if wanted and wanted.isdecimal() else None
        start: dict[str, Any] = {"person": person, "template": template}
        if template is None:
            return start | {"subject": activity.subject if activity else ""}
        draft = mail_templates.fill(template, deal, person=person, by=by)
        return start | {"subject": draft.subject, "text": draft.text}


def _named(template: MailTemplate) -> str:
    return f"{template.name} ({dict(settings.LANGUAGES)[template.language]})"


def _planned_template(activity: Activity) -> int | None:
    """The template that the task of a playbook names, for the activity that it planned."""
    played = getattr(activity, "played", None)
    template: int | None = played.task.template_id if played else None
    return template
