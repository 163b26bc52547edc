"""Archive of printed editions for decades: nothing is lost, nothing altered unnoticed.

An archive is an OCFL 1.1 storage root: an object per agency and ROC year, a version per edition
or reprint, and a hash-chained log beside the objects. See docs/archive.md.
"""

from reportgen.archive.bag import export_bag
from reportgen.archive.ingest import ArchiveReceipt, archive_submission
from reportgen.archive.log import Head, LogEntry, head, parse_head
from reportgen.archive.repository import Archive, open_archive
from reportgen.archive.retrieval import (
    EditionDescription,
    Match,
    describe_edition,
    find_edition,
    font_paths,
    load_files,
    load_fonts,
)
from reportgen.archive.submission_package import Environment, SubmissionPackage
from reportgen.archive.verification import (
    FileMatches,
    VerificationResult,
    identify_file,
    verify_archive,
)

__all__ = [
    "Archive",
    "ArchiveReceipt",
    "EditionDescription",
    "Environment",
    "FileMatches",
    "Head",
    "LogEntry",
    "Match",
    "SubmissionPackage",
    "VerificationResult",
    "archive_submission",
    "describe_edition",
    "export_bag",
    "find_edition",
    "font_paths",
    "head",
    "identify_file",
    "load_files",
    "load_fonts",
    "open_archive",
    "parse_head",
    "verify_archive",
]
