from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EstimatesConfig(AppConfig):
    name = "estimates"

    def ready(self) -> None:
        from estimates.guards import after_migrate

        post_migrate.connect(after_migrate, sender=self, dispatch_uid="estimates.guards")
