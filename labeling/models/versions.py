"""Rows that two people may edit at once: each save counts up, and a save over an unseen one is refused."""

from collections.abc import Collection
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F


class EditConflict(Exception):
    """Somebody else has changed the row since this person read it; nothing was written."""

    def __init__(self, row: models.Model) -> None:
        self.row = row
        super().__init__(
            f"{row} was changed by somebody else since you opened it. Nothing was saved: reload to see "
            "their version, then enter yours again."
        )


# Pages to enter something new stand at these addresses.
RESERVED = {"new"}


class VersionedModel(models.Model):
    """A row with a version that every save counts up.

    `expect(version)` before `save()` makes the save conditional on the version the person was shown.
    """

    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """As ever, and no row stands at the address of a page."""
        errors: dict[str, Any] = {}
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            errors = error.update_error_dict(errors)
        if "slug" not in (exclude or ()) and getattr(self, "slug", "") in RESERVED:
            errors.setdefault("slug", []).append(ValidationError("This address is a page's: choose another."))
        if errors:
            raise ValidationError(errors)

    def expect(self, version: int | None) -> Self:
        """Save only over this version: the one the person was shown. None saves over whatever is there."""
        self._expected_version = version
        return self

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the row. EditConflict when it is no longer at the version that was expected."""
        if self._state.adding or kwargs.get("force_insert"):
            super().save(*args, **kwargs)
            return
        with transaction.atomic(using=kwargs.get("using")):
            self.take_version(using=kwargs.get("using"))
            super().save(*args, **kwargs)

    def take_version(self, *, using: str | None = None) -> None:
        """Count the version up, in one conditional UPDATE; EditConflict when somebody else was first.

        Call it inside the transaction that writes the row or what belongs to it: the UPDATE also locks the
        row, so that two writers take turns.
        """
        rows = type(self)._base_manager.using(using).filter(pk=self.pk)
        expected = getattr(self, "_expected_version", None)
        if expected is not None:
            rows = rows.filter(version=expected)
        if rows.update(version=F("version") + 1) == 0:
            raise EditConflict(self)
        self._expected_version = None
        self.version = type(self)._base_manager.using(using).values_list("version", flat=True).get(pk=self.pk)
