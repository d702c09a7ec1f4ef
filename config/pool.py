"""The worker's processes where the embedded broker is used.

They share one pipe, and who reads from it holds its lock. A process that is killed while it waits there
takes the lock along, and the others wait for it for ever beside a worker that looks well. So the whole
worker ends when one of its processes was killed; whoever looks after it starts it anew, and the jobs'
own rows bring back what was under way. (With Redis every process has a pipe of its own.)
"""

import logging
import os
import signal
from typing import Any

from billiard.pool import RUN
from celery.concurrency import prefork

logger = logging.getLogger(__name__)

# EX_SOFTWARE: not a success, and told apart from a signal.
KILLED_CHILD_STATUS = 70


class EndingTaskPool(prefork.TaskPool):
    """Celery's pool of processes, which does not outlive a process that was killed."""

    _pool: Any

    def on_start(self) -> None:
        super().on_start()
        self._pool.on_process_down = self.end_if_killed

    def end_if_killed(self, process: Any) -> None:
        """End the worker, at once and with all its processes, when `process` was ended by a signal."""
        status = process.exitcode
        # A pool that is being closed ends its processes itself.
        if self._pool._state != RUN or status is None or status >= 0:
            return
        logger.error("Process %s was ended by signal %d: this worker ends too", process.pid, -status)
        for other in list(self._pool._pool):
            try:
                os.kill(other.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass  # it was quicker
        os._exit(KILLED_CHILD_STATUS)
