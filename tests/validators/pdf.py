"""PDF/A and PDF/UA: page (in-process, milliseconds) and veraPDF (the authority)."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import page

from tests.validators import VERAPDF

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PROFILES = ("3a", "ua1")
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # 0.4 of the processor time


def page_findings(pdf: Path) -> list[str]:
    """What the page validator finds against every profile that we claim."""
    return [
        f"{pdf.name} {profile}: {failure.rule_id} {failure.message}"
        for profile in PROFILES
        for failure in page.validate_pdf(pdf, profile=profile).failures
    ]


def verapdf_findings(pdfs: Sequence[Path]) -> list[str]:
    """What veraPDF finds against every profile that we claim: one process for each profile."""
    return [line for profile in PROFILES for line in _verapdf(pdfs, profile)]


def _verapdf(pdfs: Sequence[Path], profile: str) -> list[str]:
    options = ("--flavour", profile, "--format", "json", "--maxfailuresdisplayed", "3")
    done = subprocess.run(
        [*JAVA, "-jar", VERAPDF, *options, *pdfs], capture_output=True, check=False
    )
    jobs = json.loads(done.stdout or "{}").get("report", {}).get("jobs", [])
    findings = [line for job in jobs for line in _of_job(job, profile)]
    if len(jobs) != len(pdfs):
        findings.append(f"{profile}: {len(pdfs)} files given, {len(jobs)} judged: {done.stderr!r}")
    return findings


def _of_job(job: dict[str, Any], profile: str) -> list[str]:
    name = job["itemDetails"]["name"].rpartition("/")[2]
    if "taskException" in job or not job.get("validationResult"):
        return [f"{name} {profile}: not judged: {job.get('taskException')}"]
    return [
        f"{name} {profile}: {rule['clause']}-{rule['testNumber']} {rule['description']}"
        f" ({rule['failedChecks']} times: {rule['checks'][0]['context']})"
        for result in job["validationResult"]
        for rule in result["details"]["ruleSummaries"]
    ] or [
        f"{name} {profile}: not compliant"
        for result in job["validationResult"]
        if not result["compliant"]
    ]
