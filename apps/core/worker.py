"""The worker process: RQ's own, with our serializer, and one that ends the job it runs when it is told to stop."""

import signal
from typing import Any

from rq import Worker as RqWorker
from rq.serializers import JSONSerializer


class Worker(RqWorker):
    """Reads JSON only (RQ's default is pickle), and passes SIGTERM on to the running job.

    RQ waits for a running job, which for training may be hours; ours stops at a clean point instead and goes back
    in line when it may run twice (see ``core.jobs``).
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "serializer": JSONSerializer})

    def handle_warm_shutdown_request(self) -> None:
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]
        if self.horse_pid:
            self.kill_horse(signal.SIGTERM)
