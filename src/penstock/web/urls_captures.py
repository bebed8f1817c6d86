"""Addresses of forms and keys, of what was held back, and of how soon leads are answered."""

from __future__ import annotations

from django.urls import URLPattern, path

from penstock.web.views import answers, capture_forms, insights_answers, submissions

urlpatterns: list[URLPattern] = [
    path("settings/forms", capture_forms.index, name="capture-forms"),
    path("settings/forms/new", capture_forms.create, name="capture-form-new"),
    path("settings/forms/<int:form_id>", capture_forms.edit, name="capture-form"),
    path("settings/forms/<int:form_id>/open", capture_forms.open_up, name="capture-form-open"),
    path("settings/forms/<int:form_id>/close", capture_forms.close, name="capture-form-close"),
    path("settings/forms/<int:form_id>/retire", capture_forms.retire, name="capture-form-retire"),
    path("settings/forms/<int:form_id>/keys/new", capture_forms.make_key, name="capture-key-new"),
    path(
        "settings/forms/keys/<int:capture_key_id>/revoke",
        capture_forms.revoke_key,
        name="capture-key-revoke",
    ),
    path("settings/answers", answers.rules, name="answer-rules"),
    path("settings/answers/<int:pipeline_id>", answers.set_rule, name="answer-rule"),
    path("insights/answers", insights_answers.show, name="insights-answers"),
    path("insights/answers/deals", insights_answers.deals, name="insights-answers-deals"),
    path("leads/held", submissions.index, name="leads-held"),
    path("leads/held/<int:submission_id>/release", submissions.release, name="submission-release"),
    path("leads/held/<int:submission_id>/drop", submissions.drop, name="submission-drop"),
]
