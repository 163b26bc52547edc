"""Our own program: a whole build from the workbook, and the part from the template on."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.contenders.contender import PYTHON, ROOT, Command, Contender, module
from benchmarks.contenders.talk import Readied, run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.contenders.talk import Maker
    from reportgen.pipeline import Settings

PROGRAM = PYTHON.parent / "reportgen"
PDF, WORD, BOTH, FROM_TEMPLATE = (
    "reportgen: PDF",
    "reportgen: Word",
    "reportgen: PDF and Word",
    "reportgen: PDF, from the template on",
)


def settings(folder: Path, formats: tuple[str, ...]) -> Settings:
    """Return the settings for a document."""
    from reportgen.pipeline import Settings
    from reportgen.render.fonts.font_set import font_folders

    return Settings(
        output=folder, formats=formats, working_folder=ROOT, font_folders=font_folders()
    )


class Whole:
    """Builds of workbook after workbook, in a process that persists."""

    def __init__(self, formats: tuple[str, ...]) -> None:
        self._formats = formats

    def __call__(self, source: Path, folder: Path) -> None:
        from reportgen.pipeline import build

        build(source, settings(folder, self._formats))


class FromTemplate(Readied):
    """The part after reading a workbook: template, layout, PDF, verification."""

    def __init__(self) -> None:
        from reportgen.pipeline.resources import build_fonts

        found, _ = build_fonts(settings(Path(), ("pdf",)))
        assert found is not None
        self._fonts = found

    def ready(self, source: Path) -> None:
        """Read the workbook."""
        from reportgen.documents import SCORECARD, edition_document
        from reportgen.pipeline import BuildSource
        from reportgen.pipeline.render_documents import make_render_job
        from reportgen.pipeline.resources import find_templates
        from reportgen.workbook import read

        build_settings = settings(Path(), ("pdf",))
        card, _ = read(source)
        assert card is not None
        (template,), _ = find_templates(build_settings)
        scorecard_document, _ = edition_document(SCORECARD, card)
        read_from = BuildSource(source.name, source.read_bytes(), card)
        self._job = make_render_job(
            scorecard_document, template, read_from, build_settings, self._fonts
        )

    def __call__(self, source: Path, folder: Path) -> None:
        from reportgen.render.sandboxed_renderer import start_rendering

        files, _ = start_rendering(self._job, self._fonts).result()
        (folder / "out.pdf").write_bytes(files["pdf"])


@contextmanager
def open_maker(formats: str) -> Iterator[Maker]:
    """Yield the maker for ``formats``; ``template`` is the PDF from the template on."""
    from reportgen.render.weasyprint_patches.startup import load_weasyprint

    load_weasyprint()
    yield FromTemplate() if formats == "template" else Whole(tuple(formats.split(",")))


def _whole(name: str, formats: tuple[str, ...], lacks: str) -> Contender:
    formats_option = ",".join(formats)

    def once(source: Path, folder: Path) -> Command:
        return [PROGRAM, "build", source, "--quiet", "--format", formats_option, "--output", folder]

    def all_of(sources: Path, folder: Path, jobs: int) -> Command:
        options = [
            "--quiet",
            "--jobs",
            str(jobs),
            "--document",
            "scorecard",
            "--format",
            formats_option,
        ]
        return [PROGRAM, "collect", sources, *options, "--output", folder]

    return Contender(
        name=name,
        begins="workbook",
        makes=formats,
        lacks=lacks,
        version=_version,
        once=once,
        stays=lambda: [*module("own"), formats_option],
        all_of=all_of,
        warm_note="pipeline.build in one Python process",
    )


def _version() -> str:
    from importlib.metadata import version

    return f"reportgen {version('reportgen')}"


CONTENDERS = (
    _whole(PDF, ("pdf",), ""),
    _whole(BOTH, ("pdf", "docx"), ""),
    Contender(
        name=FROM_TEMPLATE,
        begins="workbook",
        makes=("pdf",),
        lacks="(a part of the first: the workbook is read and computed before the clock runs)",
        version=_version,
        stays=lambda: [*module("own"), "template"],
        warm_note="render.sandboxed_renderer in one Python process",
    ),
    _whole(WORD, ("docx",), ""),
)

if __name__ == "__main__":
    run(open_maker(sys.argv.pop()))
