"""Who changed a row, when and what: read from its history."""

from datetime import UTC
from typing import Any

from django.db import models

from labeling.models import VersionedModel


def field_label(model: type[models.Model], name: str) -> str:
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def change_since(row: VersionedModel, version: int) -> str:
    """What has happened to the row since the version somebody was shown, in a sentence.

    "Chat was changed by Ada on 1 June 2026 at 12:00 UTC (name, deadline)."
    """
    history: Any = row.history  # type: ignore[attr-defined]
    newest = history.select_related("history_user").order_by("-history_date", "-history_id").first()
    if newest is None:
        return f"{row} was changed by somebody else."
    who = newest.history_user or "somebody without an account"
    when = newest.history_date.astimezone(UTC)
    seen = history.filter(version__lte=version).order_by("-version", "-history_id").first()
    names = newest.diff_against(seen).changed_fields if seen is not None and seen.pk != newest.pk else []
    fields = [field_label(type(row), name) for name in names if name != "version"]
    what = ", ".join([*fields, *([newest.history_change_reason] if newest.history_change_reason else [])])
    return f"{row} was changed by {who} on {when:%-d %B %Y at %H:%M} UTC{f' ({what})' if what else ''}."
