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
VERAPDF_PROFILES = {"3a": "PDF/A-3a", "ua1": "PDF/UA-1"}
JAVA = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # 0.4 of the processor time


def page_findings(pdf: Path) -> list[str]:
    """What the page validator finds against every profile that we claim."""
    return [
        f"{pdf.name} {profile}: {failure.rule_id} {failure.message}"
        for profile in PROFILES
        for failure in page.validate_pdf(pdf, profile=profile).failures
    ]


def verapdf_findings(pdfs: Sequence[Path]) -> list[str]:
    """What veraPDF finds against every profile that we claim: it takes them from the file."""
    options = ("--format", "json", "--maxfailuresdisplayed", "3")
    done = subprocess.run(
        [*JAVA, "-jar", VERAPDF, *options, *pdfs], capture_output=True, check=False
    )
    jobs = json.loads(done.stdout or "{}").get("report", {}).get("jobs", [])
    findings = [line for job in jobs for line in _of_job(job)]
    if len(jobs) != len(pdfs):
        findings.append(f"{len(pdfs)} files given, {len(jobs)} judged: {done.stderr!r}")
    return findings


def _of_job(job: dict[str, Any]) -> list[str]:
    name = job["itemDetails"]["name"].rpartition("/")[2]
    if "taskException" in job or not job.get("validationResult"):
        return [f"{name}: not judged: {job.get('taskException')}"]
    results = {result["profileName"].split()[0]: result for result in job["validationResult"]}
    lacking = [
        f"{name} {profile}: not judged: it claims {', '.join(results)}"
        for profile, called in VERAPDF_PROFILES.items()
        if called not in results
    ]
    return lacking + [
        line
        for profile, called in VERAPDF_PROFILES.items()
        if called in results
        for line in _of_result(results[called], f"{name} {profile}")
    ]


def _of_result(result: dict[str, Any], what: str) -> list[str]:
    return [
        f"{what}: {rule['clause']}-{rule['testNumber']} {rule['description']}"
        f" ({rule['failedChecks']} times: {rule['checks'][0]['context']})"
        for rule in result["details"]["ruleSummaries"]
    ] or ([] if result["compliant"] else [f"{what}: not compliant"])
