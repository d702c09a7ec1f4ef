"""Deleting in the admin: what goes along or stands in the way is said in plain words, and the services do it.

A right is asked of the object itself, by the one function that decides. What belongs to it goes along,
whether or not its own list in the admin lets single rows be deleted.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, router, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from labeling.admin.actions import ConfirmForm, deed_page, object_of
from labeling.admin.base import VersionedAdmin, administrator, first_sentences, is_put_away
from labeling.models import Assumption, EditConflict, Project, Verb, VersionedModel, may
from labeling.services.plans import remove_row

NAMED_AT_MOST = 5


def kind_of(model: type[models.Model], count: int) -> str:
    """ "1 input", "3 scenario allocations"."""
    if issubclass(model, Assumption):
        return f"{count:,} input{'' if count == 1 else 's'}"
    words = model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural
    return f"{count:,} {words}"


class Removal:
    """What deleting some rows would take along, and what keeps it from being done."""

    def __init__(self, rows: Iterable[models.Model]) -> None:
        self.rows = list(rows)
        self.collector = NestedObjects(using=router.db_for_write(type(self.rows[0])))
        self.collector.collect(self.rows)

    @property
    def users(self) -> list[models.Model]:
        """The rows that still use what would be deleted."""
        return sorted(self.collector.protected, key=lambda row: (row._meta.label, row.pk))

    @property
    def along(self) -> list[str]:
        """What goes along, counted by kind: "4 inputs". Bookkeeping that nobody has entered is left out."""
        own = set(self.rows)
        collected: Any = self.collector.model_objs
        found = {model: len(rows - own) for model, rows in collected.items() if not model._meta.auto_created}
        return sorted(kind_of(model, count) for model, count in found.items() if count)


def named(words: list[str]) -> str:
    """The first few, and how many more there are."""
    more = len(words) - NAMED_AT_MOST
    return "; ".join(words[:NAMED_AT_MOST]) + (f"; and {more:,} more" if more > 0 else "")


class Removable(VersionedAdmin):
    """Pages of what can be deleted, one by one and several at once."""

    # What somebody must be allowed to do to a row to delete it.
    remove_verb = Verb.EDIT_PLAN
    delete_selected_confirmation_template = "admin/remove_selected.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or may(administrator(request), self.remove_verb, obj))

    def user_text(self, user: Any) -> str:
        """How a row that still uses one of ours is called."""
        return f"{user._meta.verbose_name} “{user}”"

    def instead(self, obj: Any) -> str:
        """What to do where something still uses the object."""
        return "Delete or change those first."

    def way_out(self, obj: Any) -> tuple[str, str] | None:
        """The name and the address of the page for what `instead` proposes; None where there is none."""
        return None

    def obstacle(self, obj: Any) -> str:
        """Why the object cannot be deleted and what to do instead; nothing where it can be."""
        if is_put_away(obj):
            project = obj if isinstance(obj, Project) else obj.project
            return f"{obj} cannot be deleted: {project} is archived. Restore it first."
        users = Removal([obj]).users
        if not users:
            return ""
        names = named([self.user_text(user) for user in users])
        return f"{obj} cannot be deleted: it is used by {names}. {self.instead(obj)}"

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Say what goes along, and do it on POST, over the version that was shown."""
        obj: VersionedModel = object_of(self, request, object_id)
        obstacle = self.obstacle(obj)
        if not obstacle and not self.has_delete_permission(request, obj):
            raise PermissionDenied
        form = ConfirmForm(request.POST or None, initial={"shown_version": obj.version})
        if request.method == "POST" and not obstacle and form.is_valid():
            name = str(obj)
            try:
                with transaction.atomic():
                    self.log_deletions(request, [obj])
                    remove_row(obj, expected_version=form.cleaned_data["shown_version"])
            except ValidationError as error:
                form.add_error(None, first_sentences(error))
            except EditConflict as conflict:
                form.add_error(None, str(conflict))
            else:
                return self.response_delete(request, name, object_id)
        along = Removal([obj]).along
        return deed_page(
            self,
            request,
            obj,
            form=form,
            title="Delete",
            question=f"Delete “{obj}”? "
            + (f"With it go {', '.join(along)}." if along else "Nothing else goes with it."),
            button="Delete it",
            is_dangerous=True,
            problem=obstacle or None,
            way_out=self.way_out(obj) if obstacle else None,
            popup=IS_POPUP_VAR if IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST else None,
        )

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """For several rows: their names, what goes along, whose right is missing, what is in the way."""
        rows = list(objs)
        obstacles = [words for words in map(self.obstacle, rows) if words]
        lacking = {
            str(self.opts.verbose_name)
            for row in rows
            if not is_put_away(row) and not self.has_delete_permission(request, row)
        }
        along = dict.fromkeys(Removal(rows).along, 1) if rows else {}
        return [str(row) for row in rows], along, lacking, obstacles

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """All of them or none, each by the service that deletes one."""
        for row in queryset:
            remove_row(row, expected_version=row.version)

    def response_action(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """As ever; what somebody has made undeletable since the question was asked is said and undone."""
        try:
            with transaction.atomic():
                answer: HttpResponse | None = super().response_action(request, queryset)
        except ValidationError as error:
            self.message_user(request, first_sentences(error), messages.ERROR)
        except EditConflict as conflict:
            self.message_user(request, str(conflict), messages.ERROR)
        else:
            return answer
        return HttpResponseRedirect(request.get_full_path())
