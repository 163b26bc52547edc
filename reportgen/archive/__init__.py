"""What was printed is kept for decades: nothing lost, nothing altered unnoticed.

An archive is an OCFL 1.1 storage root: an object per agency and ROC year, a version per edition
or reprint, and a hash-chained log beside the objects. docs/archive.md tells how and why.
"""

from reportgen.archive.bag import export
from reportgen.archive.ingest import Receipt, archive
from reportgen.archive.log import Entry, Head, head, parse_head
from reportgen.archive.repository import Archive, opened
from reportgen.archive.retrieval import Match, find, fonts, load, load_fonts
from reportgen.archive.submission_package import Environment, Submission
from reportgen.archive.verification import Identified, Verified, identify, verify

__all__ = [
    "Archive",
    "Entry",
    "Environment",
    "Head",
    "Identified",
    "Match",
    "Receipt",
    "Submission",
    "Verified",
    "archive",
    "export",
    "find",
    "fonts",
    "head",
    "identify",
    "load",
    "load_fonts",
    "opened",
    "parse_head",
    "verify",
]
