"""The build of an item's documents.

Each is a task of its own, so that two workers make two at once. Sessions take turns, and within one
all first documents come before all second ones.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from reportgen.web import worker_tasks
from reportgen.web.upload_jobs import JobStage

if TYPE_CHECKING:
    from reportgen.problems import Problem
    from reportgen.web.job_manager import JobManager, StateChanges
    from reportgen.web.upload_jobs import PreviewedDocument, UploadJob


class DocumentBuilds:
    """The builds of an item's documents, which may end in any order."""

    def __init__(
        self,
        manager: JobManager,
        item: UploadJob,
        names: tuple[str, ...],
        problems: tuple[Problem, ...],
        before: tuple[PreviewedDocument, ...],
    ) -> None:
        self._manager, self._item, self._names = manager, item, names
        self._problems, self._before = problems, before
        self._done: dict[str, StateChanges] = {}
        self._lock = threading.Lock()

    def submit(self) -> None:
        """Queue the build of each document; those after the first let others go first."""
        config = self._manager.worker_config(self._item)
        for name in self._names:
            self._manager.submit(
                self._item,
                lambda changes, name=name: self._take(name, changes),  # type: ignore[misc]
                worker_tasks.build_document,
                config,
                name,
                self._item.outputs,
                self._before,
                is_long=name != self._names[0],
            )

    def _take(self, name: str, changes: StateChanges) -> None:
        """Add a document that is done to the item's state, in the order of the documents."""
        changes["documents"] = self._item.with_version(changes["documents"])
        with self._lock:
            self._done[name] = changes
            done = [self._done[name] for name in self._names if name in self._done]
            is_over = len(done) == len(self._names)
            old = {document.name: document for document in self._item.state.documents}
            documents = tuple(
                document
                for name in self._names
                for document in (
                    self._done[name]["documents"]
                    if name in self._done
                    else filter(None, [old.get(name)])
                )
            )
            problems = dict.fromkeys(
                problem
                for found in (self._problems, *(result["problems"] for result in done))
                for problem in found
            )
            update: StateChanges = {
                "problems": tuple(problems),
                "documents": documents,
                "files": tuple(file for result in done for file in result["files"]),
            }
            if is_over:
                update |= {
                    "stage": JobStage.READY if documents else JobStage.REFUSED,
                    "sealed": True,
                    "stale": False,
                }
            self._item.update(**update)
        if is_over:
            self._manager.end_build(self._item)
