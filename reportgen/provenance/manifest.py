"""The manifest of a document: all its inputs, as attachments of its PDF, and their seal."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from reportgen import __version__
from reportgen.atomic_files import BACKUP_FOLDER
from reportgen.problems import ExitCode, Location, StoppedError, make_problem
from reportgen.provenance.seal import Seal, compute_seal, manifest_record

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from reportgen.render.fonts.font_set import FontSet
    from reportgen.render.templates.template_engine import Template

MANIFEST_NAME, TEMPLATES_ZIP_NAME = "build.json", "templates.zip"
MIN_ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can store


def build_manifest(
    edition: str,
    document: str,
    template: Template,
    workbooks: Mapping[str, bytes],
    fonts: FontSet,
    *,
    approvals: Mapping[str, bytes],
) -> tuple[Seal, dict[str, bytes]]:
    """Return the seal of a document, and the attachments of its PDF for rebuilding it.

    These are ``build.json``, with the digests of all inputs, and the template's files as a zip;
    the workbooks, and the slips of the approvals that it prints, are attached elsewhere. Raise
    StoppedError (E303) for a file of the template that cannot be read.
    """
    files = template_files(template.folder)
    build_record = manifest_record(
        workbooks=workbooks,
        document=document,
        template=files,
        versions=library_versions_used(),
        fonts=fonts.file_sizes(),
        approvals=approvals,
    )
    document_seal = compute_seal(edition, build_record)
    manifest = json.dumps(
        {"seal": document_seal.long, **build_record}, ensure_ascii=False, indent=1
    )
    return document_seal, {
        MANIFEST_NAME: f"{manifest}\n".encode(),
        TEMPLATES_ZIP_NAME: zip_files(files),
    }


def template_files(folder: Path) -> dict[str, bytes]:
    """Return the files of a template's folder and subfolders, path below it → bytes, sorted.

    Hidden files, backups and links are left out. Raise StoppedError (E303) for one that cannot be
    read.
    """
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        is_hidden = any(part.startswith((".", "~$")) or part == BACKUP_FOLDER for part in parts)
        if is_hidden or path.is_symlink() or not path.is_file():
            continue
        try:
            files["/".join(parts)] = path.read_bytes()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            problem = make_problem("E303", Location(file=str(path)), found=path.name, reason=reason)
            raise StoppedError([problem], ExitCode.FILE) from error
    return files


def library_versions_used() -> dict[str, str]:
    """Return name → version of the program and of what typesetting depends on.

    Equal versions give equal bytes. Only the program's if Pango cannot be loaded.
    """
    from reportgen.render.weasyprint_patches.startup import layout_versions

    with suppress(OSError):
        return {"reportgen": __version__, **layout_versions()}
    return {"reportgen": __version__}


def attachments(content: bytes) -> dict[str, bytes]:
    """Return the attachments of a PDF, name → content; {} for anything but a readable PDF."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError:
        return {}
    try:
        attached = [document.get_attachment(index) for index in range(document.count_attachments())]
        return {attachment.get_name(): bytes(attachment.get_data()) for attachment in attached}
    except pypdfium2.PdfiumError:
        return {}
    finally:
        document.close()


def read_seal(content: bytes) -> str:
    """Return the long code of the seal in a PDF's ``build.json``; "" if there is none.

    It is not checked against the record.
    """
    try:
        return str(json.loads(attachments(content)[MANIFEST_NAME])["seal"])
    except (KeyError, TypeError, ValueError, RecursionError):
        return ""


def zip_files(files: Mapping[str, bytes]) -> bytes:
    """Return a zip of files, name → content, in their order; the same files give the same bytes."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, MIN_ZIP_DATE)
            entry.create_system = 3  # Unix, on Windows too: the same bytes
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()
