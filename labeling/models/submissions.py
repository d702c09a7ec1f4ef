"""Forms that were sent: what is sent twice is stored once."""

from django.db import models


class Submission(models.Model):
    """A form that has been stored, and where it led. Kept for a day, in which a browser may send it again."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    address = models.CharField(max_length=500, editable=False)
    created_at = models.DateTimeField(editable=False, db_index=True)

    def __str__(self) -> str:
        return f"{self.address} at {self.created_at}"
