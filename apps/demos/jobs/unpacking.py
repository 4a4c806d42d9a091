"""The job that unpacks an archive: a limited child writes the recordings one by one, each is taken in at once."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.core import storage
from apps.core.children import ChildLimit, run_child
from apps.core.jobs import JobFailed, JobRun
from apps.core.models import Job
from apps.core.services.enqueueing import enqueue, job
from apps.demos.jobs.registering import take_in
from apps.demos.models import Upload, UploadStatus
from apps.demos.parsing.packed.unpacking import FULL
from apps.demos.parsing.reading.header import Rejected
from apps.demos.services import keeping, uploading

MEMORY_MB = 1024


def enqueue_unpacking(upload: Upload) -> Job:
    return enqueue(unpack, title=f"Unpack {upload.name}", user=upload.user, upload_id=str(upload.pk))


@job("parse", timeout=timedelta(seconds=settings.PARSE_TIMEOUT_S + 300), retry_safe=True)
def unpack(run: JobRun, *, upload_id: str) -> str:
    """Take every recording out of an archive. Run again, it goes on behind those it had taken in."""
    upload = Upload.objects.filter(pk=upload_id, status=UploadStatus.COMPLETE).first()
    name = f"incoming/{upload_id}"
    if upload is None or not storage.artefacts().exists(name):
        raise JobFailed("This archive is not here any more. Upload it again.", final=True)
    work = _Unpacking(run, upload)
    with _folder(run) as folder, storage.local_path(name) as archive:
        work.run(archive, folder)
    uploading.close(upload, work.results)
    storage.remove(name)
    if work.refusal:
        raise JobFailed(work.refusal, final=True)
    refused = sum(one["outcome"] == "rejected" for one in work.results)
    count = len(work.results) - refused
    kept = f"Unpacked: {count} recording{'' if count == 1 else 's'}"
    return f"{kept}, {refused} refused." if refused else f"{kept}."


class _Unpacking:
    """One run of the child, and what came of the archive so far."""

    def __init__(self, run: JobRun, upload: Upload) -> None:
        self._run = run
        self._upload = upload
        self.results: list[dict[str, Any]] = list(upload.results)
        self.refusal = ""
        self._ended = False

    def run(self, archive: Path, folder: Path) -> None:
        limits = {
            "recording": settings.MAX_DEMO_BYTES,
            "archive": settings.MAX_UNPACKED_BYTES,
            "reserve": settings.MIN_FREE_DISK_MB * 1024**2,
            "skip": [entry["member"] for entry in self.results],
        }
        arguments = [str(archive), self._upload.name, str(folder), json.dumps(limits)]
        try:
            status = run_child(
                self._run,
                ["-m", "apps.demos.parsing.packed.unpacking", *arguments],
                on_line=self._hear,
                memory_mb=MEMORY_MB,
                timeout_s=settings.PARSE_TIMEOUT_S,
            )
        except ChildLimit:
            self._refuse(f"Unpacking took longer than {settings.PARSE_TIMEOUT_S} s and was stopped.")
            return
        except OSError as error:
            if uploading.is_full(error):
                raise JobFailed(FULL) from error
            raise
        if not self._ended:
            self._run.log(f"The process ended with status {status}.")
            self._refuse("The archive could not be read to its end: it is damaged, or needs too much memory.")

    def _hear(self, line: str) -> None:
        try:
            message = json.loads(line)
        except ValueError:
            self._run.log(line)
            return
        if "rejected" in message:
            self._refuse(message["rejected"])
        elif "refused" in message:
            self._add(message, uploading.result(message["name"], "rejected", message["refused"]))
        elif "path" in message:
            self._take(message)
        elif "fraction" in message:
            self._run.progress(float(message["fraction"]), f"Unpacking {self._upload.name}")
        self._ended = self._ended or "end" in message

    def _take(self, message: dict[str, Any]) -> None:
        path, name = Path(message["path"]), message["name"]
        try:
            kept = keeping.keep(path, name, sha256=message["sha256"])
            with transaction.atomic():
                self._run.check()
                self._add(message, take_in(kept, self._upload, name))
        except Rejected as refusal:
            self._add(message, uploading.result(name, "rejected", str(refusal)))
        path.unlink()  # the child waits for this

    def _add(self, message: dict[str, Any], result: dict[str, Any]) -> None:
        self.results.append({**result, "member": message["member"]})
        uploading.note(self._upload, self.results)

    def _refuse(self, sentence: str) -> None:
        self.refusal, self._ended = sentence, True
        self.results.append({**uploading.result(self._upload.name, "rejected", sentence), "member": -1})


@contextmanager
def _folder(run: JobRun) -> Iterator[Path]:
    """A folder for what is unpacked, gone afterwards; also clears what a killed run of this job left."""
    folder = settings.CHIMERA_HOME / "parsing" / f"unpack-{run.row.pk}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
