"""The settings of a task type as real fields, made from its schema; a page shows those of the type chosen."""

from types import NoneType
from typing import Any, get_args, get_origin

from annotated_types import Ge, Le
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Count, Max
from pydantic.fields import FieldInfo
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from labeling.admin.base import VersionedForm
from labeling.models import WorkPackage
from labeling.services.plans import free_slug
from labeling.task_types import SETTINGS, TaskType, validate_settings

YES_NO = [("", "Choose"), ("yes", "yes"), ("no", "no")]


def field_name(task_type: str, name: str) -> str:
    """What a setting's field is called: two types may have a setting of one name."""
    return f"{task_type.replace('-', '_')}__{name}"


def kind_of(info: FieldInfo) -> tuple[Any, list[Any]]:
    """Whether a setting is a whole number, yes or no, or names, and what bounds it has."""
    found: Any = info.annotation
    metadata = list(info.metadata)
    options = [part for part in get_args(found) if part is not NoneType]
    if NoneType in get_args(found):
        found = options[0]
    if hasattr(found, "__metadata__"):
        for note in found.__metadata__:
            metadata += note.metadata if isinstance(note, FieldInfo) else [note]
        found = get_args(found)[0]
    return (tuple if get_origin(found) is tuple else found), metadata


def form_field(task_type: TaskType, info: FieldInfo, name: str) -> forms.Field:
    """The form's field for one setting; whether it is needed is asked once the type is known."""
    kind, metadata = kind_of(info)
    label = info.title or name
    attrs = {"data-task-type": str(task_type)}
    if kind is bool:
        return forms.ChoiceField(
            label=label, choices=YES_NO, required=False, widget=UnfoldAdminSelectWidget(attrs=attrs)
        )
    if kind is int:
        least = next((int(note.ge) for note in metadata if isinstance(note, Ge)), None)  # type: ignore[call-overload]
        most = next((int(note.le) for note in metadata if isinstance(note, Le)), None)  # type: ignore[call-overload]
        return forms.IntegerField(
            label=label,
            required=False,
            min_value=least,
            max_value=most,
            help_text=f"{least:,} to {most:,}" if least is not None and most is not None else "",
            widget=UnfoldAdminIntegerFieldWidget(attrs=attrs),
        )
    return forms.CharField(
        label=label,
        required=False,
        max_length=20_000,
        help_text="One a line.",
        widget=UnfoldAdminTextareaWidget(attrs={**attrs, "rows": 3}),
    )


SETTING_FIELDS: dict[str, tuple[TaskType, str, FieldInfo]] = {
    field_name(task_type, name): (task_type, name, info)
    for task_type, schema in SETTINGS.items()
    for name, info in schema.model_fields.items()
}


def as_typed(value: Any) -> Any:
    """A stored setting as the form shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "\n".join(map(str, value)) if isinstance(value, list | tuple) else value


def as_stored(info: FieldInfo, value: Any) -> Any:
    """What was entered as the schema reads it; None where nothing was."""
    kind, _ = kind_of(info)
    if value in (None, ""):
        return None
    if kind is bool:
        return value == "yes"
    if kind is tuple:
        return [line.strip() for line in value.splitlines() if line.strip()] or None
    return value


class SettingsForm(VersionedForm):
    """A work package with the settings of its task type, its address made of its name where none is given."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stored = self.instance.settings if isinstance(self.instance.settings, dict) else {}
        for form_name, (task_type, name, _) in SETTING_FIELDS.items():
            if task_type == self.instance.task_type and name in stored:
                self.initial[form_name] = as_typed(stored[name])
        for name in ("slug", "position"):
            if name in self.fields:
                self.fields[name].required = False
        if "position" in self.fields and not self.instance.pk:
            self.initial["position"] = None
            self.fields["position"].widget.attrs["placeholder"] = "last"
        if "slug" in self.fields:
            self.fields["slug"].widget.attrs["placeholder"] = "made from the name"

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        self.settle_place(said)
        if said.get("task_type") in TaskType.values:
            self.settle_settings(TaskType(said["task_type"]))
        return cleaned

    def _update_errors(self, errors: ValidationError) -> None:
        """The settings' errors stand at their own fields already."""
        found = errors.error_dict if hasattr(errors, "error_dict") else {NON_FIELD_ERRORS: errors.error_list}
        left = {name: problems for name, problems in found.items() if name != "settings"}
        if left:
            super()._update_errors(ValidationError(left))

    def settle_place(self, said: dict[str, Any]) -> None:
        """The address and the place among its like that the person left open."""
        project = said.get("project") or getattr(self.instance, "project", None)
        packages = WorkPackage.objects.filter(project=project.pk if project else None)
        if not said.get("slug") and said.get("name") and "slug" not in self.errors:
            said["slug"] = self.instance.slug or free_slug(packages, said["name"])
        if said.get("position") is None and "position" not in self.errors:
            said["position"] = (
                self.instance.position if self.instance.pk else place_after(packages, self.prefix)
            )

    def settle_settings(self, task_type: TaskType) -> None:
        """The settings of this type from its own fields; each error stands at its field."""
        entered = {
            name: as_stored(info, self.cleaned_data.get(form_name))
            for form_name, (owner, name, info) in SETTING_FIELDS.items()
            if owner == task_type
        }
        if any(field_name(task_type, name) in self.errors for name in entered):
            return
        given = {name: value for name, value in entered.items() if value is not None}
        try:
            validate_settings(task_type, given)
        except ValidationError as error:
            for sentence in error.message_dict["settings"]:
                name, _, problem = sentence.partition(": ")
                field = field_name(task_type, name.split(".")[0])
                known = field in self.fields
                words = (
                    "This setting is needed."
                    if problem == "Field required"
                    else problem.removeprefix("Value error, ")
                )
                self.add_error(field if known else None, words if known else sentence)
        self.instance.settings = given


def place_after(rows: Any, prefix: str | None) -> int:
    """The place after the last; rows entered together keep the order in which they stand on the page."""
    found = rows.aggregate(last=Max("position"), count=Count("pk"))
    number = prefix.rpartition("-")[2] if prefix else ""
    nth = int(number) - found["count"] if number.isdigit() else 0
    return (0 if found["last"] is None else int(found["last"]) + 1) + max(nth, 0)


PackageForm: Any = type(
    "PackageForm",
    (SettingsForm,),
    {
        name: form_field(task_type, info, setting)
        for name, (task_type, setting, info) in SETTING_FIELDS.items()
    },
)
