"""Sessions in the database, under a digest of their key: who reads a backup cannot go on as somebody else."""

import hashlib
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone


def digest(key: str | None) -> str:
    """What a session's row is called; as long as the key itself, which fits the table."""
    return hashlib.sha256(f"session:{key}".encode()).hexdigest()[:40]


class SessionStore(DatabaseStore):
    """Django's own store; only the name of the row differs from the key in the cookie."""

    def _get_session_from_db(self) -> Any:
        try:
            return self.model.objects.get(
                session_key=digest(self.session_key), expire_date__gt=timezone.now()
            )
        except (self.model.DoesNotExist, ValueError):
            self._session_key = None
            return None

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=digest(session_key)).exists()

    def create_model_instance(self, data: Any) -> Any:
        row = super().create_model_instance(data)
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=digest(key)).delete()
