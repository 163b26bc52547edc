"""Every form of JSON that the program writes, by its name: what docs/schemas/ publishes."""

from __future__ import annotations

from typing import Any, Final

from reportgen.approval.slip_schema import SlipForm
from reportgen.archive import stored_schema as stored
from reportgen.cli import archive_command_schema as archive
from reportgen.cli import command_schema as command
from reportgen.compare.comparison_schema import ComparisonForm
from reportgen.exports.results_schema import ResultsForm
from reportgen.json_schema import Schema, json_schema
from reportgen.provenance.manifest_schema import ManifestForm
from reportgen.workbook.parts.part_schema import PartLine

FORMS: Final[dict[str, Any]] = {
    "reportgen.build-report/1": command.BuildReport,
    "reportgen.check/1": command.CheckReport,
    "reportgen.explain/1": command.ExplainReport,
    "reportgen.new/1": command.NewReport,
    "reportgen.share/1": command.ShareReport,
    "reportgen.merge/1": command.MergeReportForm,
    "reportgen.compare/1": command.CompareReport,
    "reportgen.collect/1": command.CollectReport,
    "reportgen.serve/1": command.ServeReport,
    "reportgen.doctor/1": command.DoctorReport,
    "reportgen.archive.add/1": archive.ArchiveAddReport,
    "reportgen.archive.list/1": archive.ArchiveListReport,
    "reportgen.archive.show/1": archive.ArchiveShowReport,
    "reportgen.archive.verify/1": archive.ArchiveVerifyReport,
    "reportgen.archive.restore/1": archive.ArchiveRestoreReport,
    "reportgen.archive.export/1": archive.ArchiveExportReport,
    "reportgen.archive.rebuild/1": archive.ArchiveRebuildReport,
    "reportgen.archive.head/1": archive.ArchiveHeadReport,
    "reportgen.archive.stamp/1": archive.ArchiveStampReport,
    "reportgen.archive.sign/1": archive.ArchiveSignReport,
    "reportgen.approval/1": archive.ApproveReport,
    "reportgen.results/1": ResultsForm,
    "reportgen.comparison/1": ComparisonForm,
    "reportgen.build/1": ManifestForm,
    "reportgen.part/1": PartLine,
    "reportgen.archive-record/1": stored.ArchiveRecordForm,
    "reportgen.approval-slip/1": SlipForm,
    # These have no field with their name.
    "reportgen.archive-problems/1": stored.ArchivedProblems,
    "reportgen.archive-log/1": stored.LogLine,
    "reportgen.archive-inventory/1": stored.InventoryForm,
}


def published_schemas() -> dict[str, Schema]:
    """Return the schemas by the names of their forms, in the order of the index."""
    return {name: json_schema(name, form) for name, form in FORMS.items()}


def file_name(identifier: str) -> str:
    """Return the name of a schema's file: ``results-1.schema.json`` for ``reportgen.results/1``."""
    return f"{identifier.removeprefix('reportgen.').replace('/', '-')}.schema.json"
