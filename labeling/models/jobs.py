"""The row that every long work has: a job is a row first and a message second."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Job(models.Model):
    """Long work for a worker: its state, how far it is, who asked, and what went wrong.

    The row is the truth, the message only says "look". `attempts` is also the fence: a worker writes only
    while the row still carries the attempt it claimed (`labeling.services.jobs`).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting for a worker"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    # The name of the Celery task that does the work; it takes the row's primary key.
    task_name: ClassVar[str]

    client_key = models.UUIDField(
        default=uuid.uuid4,
        unique=True,
        editable=False,
        help_text="Chosen by who asks: a request that is sent twice makes one job.",
    )
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING, editable=False)
    done = models.PositiveIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    message = models.CharField(max_length=200, blank=True, editable=False)
    error = models.TextField(blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    asked_at = models.DateTimeField(editable=False)
    started_at = models.DateTimeField(null=True, editable=False)
    heartbeat_at = models.DateTimeField(null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    publish_count = models.PositiveSmallIntegerField(default=0, editable=False)
    publish_after = models.DateTimeField(
        editable=False,
        help_text="The sweep leaves the row alone until then, so that a backlog is not sent over and over.",
    )

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="%(class)s_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(heartbeat_at__isnull=False, attempts__gte=1),
                name="%(class)s_running_has_heartbeat",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["done", "failed"], finished_at__isnull=False)
                    | Q(state__in=["waiting", "running"], finished_at__isnull=True)
                ),
                name="%(class)s_finished_when_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(error=""), name="%(class)s_failed_has_reason"
            ),
        ]
        # For the sweep, every few seconds: the few rows that are not ended.
        indexes = [
            models.Index(
                fields=["publish_after"],
                condition=Q(state__in=["waiting", "running"]),
                name="%(class)s_open",
            )
        ]

    @property
    def has_ended(self) -> bool:
        return self.state in {self.State.DONE, self.State.FAILED}
