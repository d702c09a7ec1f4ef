"""What a line of each CSV file stands for: rows are known by their addresses, never by their numbers."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from import_export import fields, resources, widgets

from labeling.admin.base import is_put_away
from labeling.bounds import plain
from labeling.fields import FixedPointField
from labeling.models import Project, Tier, Vendor, VersionedModel, WorkPackage, WorkPackageAssumption
from labeling.models.assumptions import PARAMETERS
from labeling.services.assumptions import check_combinations, default_point, key_of

# Whether a line removes its input; only in a file to import.
REMOVE = "remove"
ASSUMPTION_COLUMNS = ("name", "law", *PARAMETERS, "point", "source", "source_url", "evidence", "key", REMOVE)


class NumberCell(widgets.Widget):
    """A decimal; ValueError says what to write instead."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return None
        number = FixedPointField(places=9).to_python
        try:
            found = number(value)
        except ValidationError:
            found = None
        if found is None or not found.is_finite():
            raise ValueError(
                f"“{str(value)[:40]}” is not a number: write it with a point and no separators, as 1200.5."
            )
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else plain(value)


class WholeNumberCell(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ValueError(f"“{value[:40]}” is not a whole number from 0 up.")
        return int(value)


class DayCell(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError(f"“{value[:40]}” is not a day: write it as 2027-01-31.") from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "" if value is None else str(value.isoformat())


class YesNoCell(widgets.Widget):
    WORDS: ClassVar[Mapping[str, bool]] = {
        "yes": True,
        "true": True,
        "1": True,
        "no": False,
        "false": False,
        "0": False,
    }

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return None
        if value.lower() not in self.WORDS:
            raise ValueError(f"“{value[:40]}” is neither yes nor no.")
        return self.WORDS[value.lower()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "yes" if value else "no"


class JsonCell(widgets.Widget):
    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        try:
            return json.loads(value or "{}")
        except (ValueError, RecursionError):
            raise ValueError('This is not JSON: write the settings as {"ties": true}.') from None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return json.dumps(value, ensure_ascii=False)


class AddressCell(widgets.ForeignKeyWidget):
    """What another row is called by its address; a package by those of its project and its own."""

    def __init__(self, model: type[models.Model], *, within: str | None = None) -> None:
        super().__init__(model, field="slug")
        self.within = within

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        if value in (None, ""):
            return None
        wanted = {"slug": value}
        if self.within is not None:
            wanted[f"{self.within}__slug"] = (row or {}).get(self.within, "")
        found = self.model._default_manager.filter(**wanted).first()
        if found is None:
            name = self.model._meta.verbose_name
            raise ValueError(f"There is no {name} with the address “{str(value)[:60]}”.")
        return found


class Rows(resources.ModelResource):
    """Lines that are new or change the row with the same key; nothing is removed by a file."""

    # The columns that say which row is meant, and how to look it up.
    KEYS: ClassVar[Mapping[str, str]] = {"slug": "slug"}
    # The field whose row's version counts up with a change, where it is not the row's own.
    OWNER: ClassVar[str | None] = None

    @classmethod
    def widget_from_django_field(cls, f: Any, default: Any = widgets.Widget) -> Any:
        for kind, cell in (
            (FixedPointField, NumberCell),
            (models.DateField, DayCell),
            (models.BooleanField, YesNoCell),
            (models.JSONField, JsonCell),
            (models.IntegerField, WholeNumberCell),
        ):
            if isinstance(f, kind):
                return cell
        return super().widget_from_django_field(f, default)

    def get_instance(self, instance_loader: Any, row: Mapping[str, Any]) -> Any:
        wanted = {lookup: row.get(column) for column, lookup in self.KEYS.items()}
        if not all(wanted.values()):
            return None
        try:
            return self.get_queryset().filter(**wanted).first()
        except (ValidationError, ValueError):
            return None  # a key that cannot be read: its field says so

    def after_init_instance(self, instance: Any, new: bool, row: Any, **kwargs: Any) -> None:
        """Remember the versions that are there, to see whether they still are at the import itself."""
        versioned = (
            instance if self.OWNER is None else getattr(instance, self.OWNER, None) if not new else None
        )
        if isinstance(versioned, VersionedModel) and versioned.pk:
            kwargs["seen"].setdefault(f"{versioned._meta.label}:{versioned.pk}", versioned.version)

    def validate_instance(
        self, instance: Any, import_validation_errors: Any = None, validate_unique: bool = True
    ) -> None:
        errors = import_validation_errors or {}
        if any(isinstance(self._meta.model._meta.get_field(name), models.ForeignKey) for name in errors):
            raise ValidationError(errors)  # without what it belongs to the rest cannot be judged
        for field in self._meta.model._meta.fields:
            if (
                isinstance(field, models.ForeignKey)
                and not field.null
                and getattr(instance, field.attname) is None
            ):
                raise ValidationError({**errors, field.name: "Say which: this must not be empty."})
        owner = getattr(instance, self.OWNER) if self.OWNER else instance
        if is_put_away(owner):
            raise ValidationError("This project is archived: restore it before you change it.")
        super().validate_instance(instance, errors, validate_unique)

    def save_instance(self, instance: Any, is_create: bool, row: Any, **kwargs: Any) -> None:
        if self.OWNER:
            self.count_up(getattr(instance, self.OWNER), **kwargs)
        super().save_instance(instance, is_create, row, **kwargs)

    def count_up(self, owner: Any, **kwargs: Any) -> None:
        """Give what the rows belong to a new version, once a file."""
        key = (owner._meta.label, owner.pk)
        if key not in kwargs["owners"]:
            kwargs["owners"][key] = True
            owner._change_reason = f"{self._meta.model._meta.verbose_name_plural}, by CSV file"[:100]
            owner.save()

    def after_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """Remember whose inputs are to be looked at as a whole, and on which row which of them stands."""
        owner = instance if self.OWNER is None else getattr(instance, self.OWNER)
        if hasattr(owner, "assumptions"):
            rows = kwargs["sets"].setdefault((type(owner), owner.pk), {})
            rows[str(getattr(instance, "name", "")) if self.OWNER else ""] = (kwargs["row_number"], row)

    def after_import(self, dataset: Any, result: Any, **kwargs: Any) -> None:
        """Judge whole sets of inputs as the file leaves them.

        Errors name the line of the file, not the row of the table.
        """
        if not result.has_errors() and not result.has_validation_errors():
            for (model, pk), rows in kwargs["sets"].items():
                try:
                    check_combinations(model._default_manager.get(pk=pk))
                except ValidationError as error:
                    for place, messages in error.message_dict.items():
                        name, _, field = place.partition(".")
                        number, row = rows.get(name) or next(iter(rows.values()))
                        at = field if name in rows else NON_FIELD_ERRORS
                        result.append_invalid_row(number, row, ValidationError({at: messages}))
        for row in [*result.invalid_rows, *result.error_rows]:
            row.number = dataset.lines[row.number - 1]

    class Meta:
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        import_id_fields = ()


class AssumptionRows(Rows):
    """Inputs of one kind of owner; the point may be left to the law, and the key to the names.

    A line that says “yes” under `remove` removes its input: one that goes with another in its place may be
    exchanged for it in one file.
    """

    remove = fields.Field(column_name=REMOVE, widget=YesNoCell())

    def get_export_order(self) -> tuple[str, ...]:
        """Without the column that only a file to import has."""
        return tuple(name for name in super().get_export_order() if name != REMOVE)

    def get_user_visible_fields(self) -> list[Any]:
        return [field for field in self.get_import_fields() if field.column_name != REMOVE]

    def for_delete(self, row: Mapping[str, Any], instance: Any) -> bool:
        try:
            wanted = bool(self.fields[REMOVE].widget.clean(row.get(REMOVE)))
        except ValueError as error:
            raise ValidationError({REMOVE: str(error)}) from None
        if wanted and instance.pk is None:
            raise ValidationError({REMOVE: "There is no such input to remove."})
        return wanted

    def before_delete_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        owner = getattr(instance, str(self.OWNER))
        if is_put_away(owner):
            raise ValidationError("This project is archived: restore it before you change it.")
        self.count_up(owner, **kwargs)
        self.after_save_instance(instance, row, **kwargs)

    def import_instance(self, instance: Any, row: Mapping[str, Any], **kwargs: Any) -> None:
        try:
            super().import_instance(instance, row, **kwargs)
        finally:
            if instance.point is None:
                numbers = {name: getattr(instance, name) for name in ("law", *PARAMETERS)}
                instance.point = default_point(numbers)
            owner = (
                getattr(instance, str(self.OWNER), None) if getattr(instance, f"{self.OWNER}_id") else None
            )
            if not instance.key and instance.name and owner is not None:
                project = getattr(owner, "project", None)
                instance.key = key_of(
                    f"{project.slug}.{owner.slug}" if project else owner.slug, instance.name
                )


class ProjectRows(Rows):
    class Meta(Rows.Meta):
        model = Project
        fields = ("slug", "name", "summary", "starts_on", "deadline")
        import_order = export_order = fields


class TierRows(Rows):
    class Meta(Rows.Meta):
        model = Tier
        fields = ("slug", "name", "description")
        import_order = export_order = fields


class VendorRows(Rows):
    class Meta(Rows.Meta):
        model = Vendor
        fields = ("slug", "name", "description")
        import_order = export_order = fields


class PackageRows(Rows):
    KEYS = {"project": "project__slug", "slug": "slug"}

    project = fields.Field("project", "project", AddressCell(Project))
    tier = fields.Field("tier", "tier", AddressCell(Tier))

    class Meta(Rows.Meta):
        model = WorkPackage
        fields = ("project", "slug", "name", "position", "task_type", "settings", "tier", "effort_kind")
        import_order = export_order = fields


class PackageInputRows(AssumptionRows):
    KEYS = {"project": "package__project__slug", "package": "package__slug", "name": "name"}
    OWNER = "package"

    project = fields.Field("package__project__slug", "project", readonly=True)
    package = fields.Field("package", "package", AddressCell(WorkPackage, within="project"))

    class Meta(Rows.Meta):
        model = WorkPackageAssumption
        fields = ("project", "package", *ASSUMPTION_COLUMNS)
        import_order = export_order = fields
