"""What every form page has in common: its parts, what was wrong with it, and what somebody else changed.

A page asks for an `Entry`: a plain form and the parts beside it. The template shows its sections; a new input
needs no new template.
"""

import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, Protocol

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.forms.utils import ErrorDict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from labeling.models import EditConflict
from labeling.services.submissions import digest_of, led_to, store_once
from labeling.web.requests import signed_in

# A button of this name asks to have something filled in, and nothing to be stored yet.
FILL = "fill"
# So many inputs of a folded part are spelled out.
BRIEFS = 3
View = Callable[..., HttpResponse]
NOT_PART_OF_THE_ANSWERS = {"csrfmiddlewaretoken"}
NOT_TYPED = NOT_PART_OF_THE_ANSWERS | {"client_key", "version", FILL}


class Explained(str):
    """The label of a choice, with a sentence about it."""

    text: str

    # Copied with the form it stands in, by its label alone: the sentence follows as an attribute.
    def __new__(cls, label: str, text: str = "") -> "Explained":
        made = super().__new__(cls, label)
        made.text = text
        return made


@dataclass(frozen=True)
class Problem:
    """What is wrong, and the control it is wrong at."""

    target: str
    label: str
    text: str


@dataclass(frozen=True)
class Section:
    """A part of a page under a heading; folded away where few need it.

    was_typed says that its rows were typed on this page just now, and not stored before.
    """

    title: str
    text: str = ""
    fields: Sequence[Any] = ()
    rows: Sequence[Any] = ()
    lines: Any = None
    common: Any = None
    folded: bool = False
    when: str = ""
    was_typed: bool = False

    @property
    def is_open(self) -> bool:
        return (
            any(row.errors or (self.was_typed and row.is_stated) for row in self.rows)
            or any(field.errors or field.value() for field in self.fields)
            or (
                self.common is not None
                and any(cell.value or cell.errors for cell in self.common.common_cells)
            )
        )

    @property
    def in_brief(self) -> str:
        """What its rows say, for the line that stands for it while it is folded."""
        said = [row.brief for row in self.rows if row.is_stated]
        rest = len(said) - BRIEFS
        return " · ".join([*said[:BRIEFS], *([f"{rest} more"] if rest > 0 else [])])


class Part(Protocol):
    """Some of what a page asks for."""

    def is_valid(self) -> bool: ...

    def keep_quiet(self) -> None:
        """Say nothing of what is wrong yet: the page is still being filled in."""
        ...

    def problems(self) -> Iterator[Problem]:
        """What is wrong, from top to bottom."""
        ...

    def answers(self) -> Iterator[tuple[str, str]]:
        """What is asked and what is answered, in words, to show two versions beside each other."""
        ...

    def refuse(self, name: str, messages: list[str]) -> bool:
        """Put what a service says at the control of that `name`; False where it is not this part's."""
        ...


class EntryForm(forms.Form):
    """A form with the key that makes a second sending harmless, and the version that was shown."""

    client_key = forms.UUIDField(widget=forms.HiddenInput)
    version = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    @property
    def content(self) -> dict[str, Any]:
        """What was entered, without the key and the version."""
        return {
            name: value for name, value in self.cleaned_data.items() if name not in {"client_key", "version"}
        }


def kept_key(form: EntryForm) -> uuid.UUID:
    """The key of the page as it was first shown, so that sending it again is told from sending another."""
    try:
        return uuid.UUID(str(form["client_key"].value()))
    except ValueError:
        return uuid.uuid4()


class FormPart:
    """A plain form as a part of a page."""

    def __init__(self, form: forms.Form) -> None:
        self.form = form

    def is_valid(self) -> bool:
        return self.form.is_valid()

    def keep_quiet(self) -> None:
        hush(self.form)

    def problems(self) -> Iterator[Problem]:
        for bound in self.form.visible_fields():
            for error in bound.errors:
                yield Problem(target_of(bound), str(bound.label), str(error))

    def answers(self) -> Iterator[tuple[str, str]]:
        for bound in self.form.visible_fields():
            yield str(bound.label), answer_text(bound)

    def refuse(self, name: str, messages: list[str]) -> bool:
        if name not in self.form.fields:
            return False
        self.form.add_error(name, messages)
        return True


def hush(form: forms.Form) -> None:
    """Take a form as it is, without checking it."""
    form._errors = ErrorDict()  # type: ignore[attr-defined]


def target_of(bound: forms.BoundField) -> str:
    """The control a link to this field leads to: of radio buttons and checkboxes the first one."""
    several = isinstance(bound.field.widget, (forms.RadioSelect, forms.CheckboxSelectMultiple))
    return f"{bound.auto_id}_0" if several else str(bound.id_for_label or bound.auto_id)


def answer_text(bound: forms.BoundField) -> str:
    """The value of a field in words."""
    value = bound.value()
    choices = getattr(bound.field, "choices", None)
    if isinstance(bound.field, forms.BooleanField):
        return "yes" if value in {True, "on", "True", "true", "1"} else "no"
    if choices is None:
        return "" if value is None else str(value)
    chosen = {str(one) for one in (value if isinstance(value, (list, tuple)) else [value])}
    return ", ".join(label for key, label in flat(choices) if key != "" and key in chosen)


def flat(choices: Any) -> Iterator[tuple[str, str]]:
    """Choices without their groups, as text."""
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            yield from flat(label)
        else:
            yield str(key), str(label)


@dataclass
class Difference:
    """One answer that two versions give differently."""

    label: str
    theirs: str
    mine: str


@dataclass
class Conflict:
    """Somebody else was first: who and when, and where their version and this person's differ."""

    who: str
    when: Any
    differences: list[Difference] = field(default_factory=list)
    removed: bool = False


class Entry:
    """All that one page asks for."""

    def __init__(
        self,
        form: EntryForm,
        *parts: Part,
        sections: Sequence[Section],
        row: Any = None,
    ) -> None:
        self.form = form
        self.parts: tuple[Part, ...] = (FormPart(form), *parts)
        self.sections = sections
        self.row = row
        self.general: list[str] = []
        self.conflict: Conflict | None = None
        self._version: int | None = row.version if row is not None else None
        self.client_key = kept_key(form)

    @property
    def version(self) -> Any:
        """The version the next sending is over: the one typed over, or after a conflict the newest."""
        if self.conflict is not None or not self.form.is_bound:
            return self._version
        return self.form["version"].value()

    def is_valid(self) -> bool:
        # All of them, so that every problem is told at once.
        answers = [part.is_valid() for part in self.parts]
        if self.form.errors.get("client_key") or self.form.errors.get("version"):
            self.general.append("This page is not complete any more. Reload it and enter your changes again.")
        elif self.form.non_field_errors():
            self.general.extend(map(str, self.form.non_field_errors()))
        elif all(answers) and self.row is not None and self.form.cleaned_data["version"] is None:
            self.general.append("This page does not say which version it shows. Reload it.")
            return False
        return all(answers)

    def keep_quiet(self) -> None:
        for part in self.parts:
            part.keep_quiet()

    def refuse(self, error: ValidationError) -> None:
        """Show what a service refuses at the controls it names."""
        if not hasattr(error, "error_dict"):
            self.general.extend(error.messages)
            return
        for name, messages in error.message_dict.items():
            if not any(part.refuse(name, messages) for part in self.parts):
                self.general.extend(messages)

    def meet(self, theirs: "Entry | None") -> None:
        """Say that somebody else was first, and show both versions beside each other."""
        if theirs is None:
            self.conflict = Conflict(who="", when=None, removed=True)
            return
        newest = theirs.row.history.select_related("history_user").first()
        stored = dict(theirs.answers())
        self.conflict = Conflict(
            who=str(newest.history_user or "") if newest else "",
            when=newest.history_date if newest else None,
            differences=[
                Difference(label, stored.get(label, ""), mine)
                for label, mine in self.answers()
                if stored.get(label, "") != mine
            ],
        )
        self._version = theirs.row.version

    def answers(self) -> Iterator[tuple[str, str]]:
        for part in self.parts:
            yield from part.answers()

    @property
    def problems(self) -> list[Problem]:
        return [problem for part in self.parts for problem in part.problems()]

    @property
    def status(self) -> int:
        if self.conflict is not None:
            return 409
        return 422 if self.general or self.problems else 200


def exists_if(allowed: bool) -> None:
    """What a person may not do does not exist for them."""
    if not allowed:
        raise Http404


def place_in(request: HttpRequest) -> int:
    """The place something is to be moved to, from 0. Sent twice it is the same place."""
    place = request.POST.get("to", "")
    exists_if(place.isascii() and place.isdigit() and len(place) < 6)
    return int(place)


def digest_of_post(request: HttpRequest) -> str:
    return digest_of(
        (name, values) for name, values in request.POST.lists() if name not in NOT_PART_OF_THE_ANSWERS
    )


def typed_in(request: HttpRequest) -> list[tuple[str, str]]:
    """What a form was filled in with, by the names of its fields, as a person reads them."""
    return [
        (re.sub(r"[-_]+", " ", name).strip().capitalize(), value)
        for name, values in request.POST.lists()
        if name not in NOT_TYPED
        for value in values
        if value.strip()
    ]


def posted_once(request: HttpRequest, write: Callable[[], str]) -> HttpResponse:
    """Do what a form asks for, once, and go where it leads."""
    address = store_once(
        user=signed_in(request),
        path=request.path,
        digest=digest_of_post(request),
        now=timezone.now(),
        write=write,
    )
    return redirect(address)


def form_view(view: View) -> View:
    """A page with a form: signed in, read or sent; a form that was stored already leads where it led.

    Asked first, because what it was about may be gone by then. What was typed into a form whose subject is
    gone is handed back.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            address = led_to(user=signed_in(request), path=request.path, digest=digest_of_post(request))
            if address is not None:
                return redirect(address)
        try:
            return view(request, *args, **kwargs)
        except Http404:
            typed = typed_in(request)
            if not typed:
                raise
            return render(request, "gone.html", {"typed": typed}, status=404)

    return login_required(require_http_methods(["GET", "HEAD", "POST"])(answer))


def answer_entry(
    request: HttpRequest,
    entry: Entry,
    *,
    write: Callable[[], str],
    theirs: Callable[[], Entry] | None = None,
    context: Mapping[str, Any],
    template: str = "entry.html",
) -> HttpResponse:
    """Show the page, or store what was entered: nothing typed is lost when it cannot be stored.

    write   stores it and returns where to go; EditConflict and ValidationError are shown
    theirs  the page as it would be opened now, for a version somebody else has changed
    """
    if FILL in request.POST:
        entry.keep_quiet()
    elif request.method == "POST" and entry.is_valid():
        try:
            return posted_once(request, write)
        except ValidationError as error:
            entry.refuse(error)
        except EditConflict:
            try:
                entry.meet(theirs() if theirs else None)
            except ObjectDoesNotExist:
                entry.meet(None)
    return render(request, template, {"entry": entry, **context}, status=entry.status)
