"""Tasks that belong to every kind of job."""

from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from labeling.services.idempotency import forget_expired_now
from labeling.services.jobs import sweep_now


@shared_task(name="labeling.sweep_jobs")
def sweep_jobs() -> None:
    """Publish again what nobody works on. Sent by beat; two at once are harmless."""
    sweep_now()


@shared_task(name="labeling.forget_expired_answers")
def forget_expired_answers() -> None:
    """Remove answers to requests that are no longer repeated. Sent by beat; two at once are harmless."""
    forget_expired_now()


@worker_ready.connect
def sweep_at_start(sender: Any, **kwargs: Any) -> None:
    """A worker that comes up looks for what was left behind, without waiting for beat."""
    sender.app.send_task("labeling.sweep_jobs")
