"""Asking once more before something is removed, archived or restored."""

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from labeling.models import EditConflict, VersionedModel
from labeling.web.entries import EntryForm, posted_once


class ConfirmForm(EntryForm):
    """Names the version that was shown."""

    version = forms.IntegerField(min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)


def answer_removal(
    request: HttpRequest,
    row: VersionedModel,
    *,
    remove: Callable[[int], object],
    leads_to: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """Show the question, or do it; what changed since it was shown is not removed unseen."""
    shown = row.version
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        form = ConfirmForm(request.POST)

        def write() -> str:
            remove(form.cleaned_data["version"])
            return leads_to

        if form.is_valid():
            try:
                return posted_once(request, write)
            except ValidationError as error:
                problems, status = error.messages, 422
            except EditConflict as conflict:
                problems, status = [str(conflict)], 409
        else:
            problems, status = ["This page is not complete any more. Reload it and try again."], 422
    return render(
        request,
        "confirm.html",
        {"version": shown, "new_key": uuid.uuid4(), "problems": problems, **context},
        status=status,
    )
