"""Deeds on one object from its page: asked about on a page of their own, done when confirmed."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from labeling.admin.base import administrator, first_sentences
from labeling.models import EditConflict, VersionedModel


class ConfirmForm(forms.Form):
    """Only the version of the object the person read."""

    shown_version = forms.IntegerField(widget=forms.HiddenInput)


def object_of(page: Any, request: HttpRequest, object_id: str) -> Any:
    """The object a deed is about; nothing for who is no administrator or where there is none."""
    administrator(request)
    obj = page.get_object(request, object_id)
    if obj is None:
        raise Http404
    return obj


def address_of(obj: Any) -> str:
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])


def deed_page(
    page: Any,
    request: HttpRequest,
    obj: Any,
    *,
    form: forms.Form,
    title: str,
    question: str,
    button: str,
    **more: Any,
) -> HttpResponse:
    """Ask: the page with a sentence, a form and a button."""
    return TemplateResponse(
        request,
        "admin/deed.html",
        {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "original": obj,
            "title": f"{title}: {obj}",
            "question": question,
            "button": button,
            "form": form,
            "back": address_of(obj),
            **more,
        },
        status=422 if form.errors else 200,
    )


def confirm_page(
    page: Any,
    request: HttpRequest,
    object_id: str,
    *,
    title: str,
    question: str,
    button: str,
    do: Callable[[Any, int], object],
    done: str,
) -> HttpResponse:
    """Ask, and do it on POST, over the version that was shown."""
    obj: VersionedModel = object_of(page, request, object_id)
    form = ConfirmForm(request.POST or None, initial={"shown_version": obj.version})
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                do(obj, form.cleaned_data["shown_version"])
        except ValidationError as error:
            form.add_error(None, first_sentences(error))
        except EditConflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, done)
            return HttpResponseRedirect(address_of(obj))
    return deed_page(page, request, obj, form=form, title=title, question=question, button=button)
