"""What was answered to a request that a program may send again."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q


class IdempotentAnswerQuerySet(models.QuerySet["IdempotentAnswer"]):
    def expired(self, *, now: datetime) -> "IdempotentAnswerQuerySet":
        """Those that are no longer replayed."""
        return self.filter(expires_at__lte=now)


class IdempotentAnswer(models.Model):
    """The answer to one person's request under one key: first a reservation, then what was answered.

    The answer is stored in the transaction that does the work, so that both are there or neither is.
    """

    key = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    route = models.CharField(max_length=255, help_text="Method and path.")
    body_hash = models.CharField(max_length=64)
    attempt = models.PositiveIntegerField(
        default=1, help_text="Counts up when a reservation is taken over; only its holder may answer."
    )
    reserved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    objects = IdempotentAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_once_a_key"),
            models.CheckConstraint(
                condition=Q(status__isnull=True) | Q(status__gte=200, status__lt=300),
                name="idempotency_keeps_what_worked",
            ),
        ]
        # For the purge, every hour.
        indexes = [models.Index(fields=["expires_at"], name="idempotency_expiry")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
