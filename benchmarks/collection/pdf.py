"""The PDF part alone: this program beside a stock WeasyPrint, each in a warm interpreter.

Run as a module it is one of the contenders: it reads lines of JSON, and answers each with one.
Ours is a worker's task for a PDF: a fork of a warm process with limits of time and memory, the
template, the font subset, as many layouts as its pages need, checks of the printed text,
PDF/A-3a and PDF/UA-1, the result. The stock one lays out the finished HTML, whose pages are
fixed, with the machine's fonts, and writes PDF/A-3a; nothing of this program is imported.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

ROOT: Final = Path(__file__).resolve().parents[2]
DOCUMENTS: Final = ("scorecard", "results")


@dataclass(frozen=True, slots=True)
class Pair:
    """Processor seconds of one document, ours and the stock one's; the minimum of their turns."""

    document: str
    pages: int
    ours: float
    stock: float


class _Contender:
    """A contender in an interpreter of its own."""

    def __init__(self, name: str) -> None:
        command = [sys.executable, "-m", __name__, name]
        pipe, self._name = subprocess.PIPE, name
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe)

    def ask(self, **asked: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(asked)}\n".encode())
        self._process.stdin.flush()
        told = self._process.stdout.readline()
        if not told:
            raise SystemExit(f"the contender {self._name} has ended")
        answer: dict[str, Any] = json.loads(told)
        return answer

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()  # the end of its input is its end


def compare(workbooks: Sequence[Path], turns: int, folder: Path) -> Iterator[Pair]:
    """Yield both documents of each workbook, taking turns; a first document is not counted."""
    with _Contender("ours") as ours, _Contender("stock") as stock:
        for number, workbook in enumerate((workbooks[0], *workbooks)):
            for name in DOCUMENTS:
                html = folder / f"{number}-{name}.html"
                one = {"workbook": str(workbook), "document": name, "html": str(html)}
                prepared = ours.ask(**one, prepare=True)
                other = {"html": str(html), "base": prepared["base"]}
                pairs = [
                    (ours.ask(**one, prepare=False), stock.ask(**other))
                    for _ in range(turns if number else 1)
                ]
                if number:
                    yield Pair(
                        name,
                        prepared["pages"],
                        min(a["cpu"] for a, _ in pairs),
                        min(b["cpu"] for _, b in pairs),
                    )


def _cpu() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    used = [resource.getrusage(kind) for kind in kinds]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _ours() -> Callable[[dict[str, Any]], dict[str, Any]]:
    from reportgen.batch import worker

    worker.preload()

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        from reportgen.render import limits

        if asked["prepare"]:
            return prepare(asked)
        begun = _cpu()
        made = _rendered(job[0], fonts[0], limits.document_limits(job[0].context))
        return {"cpu": _cpu() - begun, "size": len(made["pdf"])}

    def prepare(asked: dict[str, Any]) -> dict[str, Any]:
        from reportgen.render import limits

        job[:], fonts[:] = [[each] for each in _job(Path(asked["workbook"]), asked["document"])]
        made = _rendered(
            replace(job[0], formats=("html", "pdf")),
            fonts[0],
            limits.document_limits(job[0].context),
        )
        Path(asked["html"]).write_bytes(made["html"])
        return {"base": str(job[0].template.folder), "pages": _pages(made["pdf"])}

    job: list[Any] = []
    fonts: list[Any] = []
    return answer


def _job(workbook: Path, document: str) -> tuple[Any, Any]:
    """Return the arguments with which a worker renders this document."""
    from reportgen import pipeline
    from reportgen.problems import ExitCode, StoppedError
    from reportgen.render import sandboxed_renderer
    from reportgen.render.fonts.font_set import font_folders

    caught: list[tuple[Any, Any]] = []

    def catch(job: Any, fonts: Any) -> Any:
        caught.append((job, fonts))
        raise StoppedError([], ExitCode.DONE)

    start = sandboxed_renderer.start_rendering
    sandboxed_renderer.start_rendering = catch
    settings = pipeline.Settings(
        output=Path(),
        formats=("pdf",),
        documents=(document,),
        templates=ROOT / "templates",
        working_folder=ROOT,
        font_folders=font_folders(),
    )
    try:
        pipeline.render_edition(workbook, settings)
    except StoppedError as stop:
        if not caught:
            raise SystemExit("\n".join(each.line("en") for each in stop.problems)) from None
    finally:
        sandboxed_renderer.start_rendering = start
    return caught[0]


def _rendered(job: Any, fonts: Any, limits: Any) -> dict[str, bytes]:
    from reportgen.processes.sandbox import SandboxedCall
    from reportgen.render.document import render_job

    made = SandboxedCall(limits, render_job, job, fonts).result()
    if not made.files:
        raise SystemExit("\n".join(each.line("en") for each in made.problems))
    return dict(made.files)


def _pages(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _stock() -> Callable[[dict[str, Any]], dict[str, Any]]:
    from weasyprint import HTML

    def answer(asked: dict[str, Any]) -> dict[str, Any]:
        html = Path(asked["html"]).read_text("utf-8")
        begun = _cpu()
        made = HTML(string=html, base_url=asked["base"]).write_pdf(pdf_variant="pdf/a-3a")
        return {"cpu": _cpu() - begun, "size": len(made)}

    return answer


def _serve(name: str) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    answer = {"ours": _ours, "stock": _stock}[name]()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
