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

    def ask(self, **request: object) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{json.dumps(request)}\n".encode())
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the contender {self._name} has ended")
        answer: dict[str, Any] = json.loads(line)
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
                request = {"workbook": str(workbook), "document": name, "html": str(html)}
                prepared = ours.ask(**request, prepare=True)
                stock_request = {"html": str(html), "base": prepared["base"]}
                pairs = [
                    (ours.ask(**request, prepare=False), stock.ask(**stock_request))
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
    return sum(usage.ru_utime + usage.ru_stime for usage in used)


def _open_ours() -> Callable[[dict[str, Any]], dict[str, Any]]:
    from reportgen.batch import worker

    worker.preload()

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        from reportgen.render import limits

        if request["prepare"]:
            return prepare(request)
        started = _cpu()
        files = _render(job[0], fonts[0], limits.document_limits(job[0].context))
        return {"cpu": _cpu() - started, "size": len(files["pdf"])}

    def prepare(request: dict[str, Any]) -> dict[str, Any]:
        from reportgen.render import limits

        job[:], fonts[:] = [
            [argument] for argument in _job(Path(request["workbook"]), request["document"])
        ]
        files = _render(
            replace(job[0], formats=("html", "pdf")),
            fonts[0],
            limits.document_limits(job[0].context),
        )
        Path(request["html"]).write_bytes(files["html"])
        return {"base": str(job[0].template.folder), "pages": _pages(files["pdf"])}

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
            raise SystemExit("\n".join(problem.line("en") for problem in stop.problems)) from None
    finally:
        sandboxed_renderer.start_rendering = start
    return caught[0]


def _render(job: Any, fonts: Any, limits: Any) -> dict[str, bytes]:
    from reportgen.processes.sandbox import SandboxedCall
    from reportgen.render.document import render_job

    result = SandboxedCall(limits, render_job, job, fonts).result()
    if not result.files:
        raise SystemExit("\n".join(problem.line("en") for problem in result.problems))
    return dict(result.files)


def _pages(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _open_stock() -> Callable[[dict[str, Any]], dict[str, Any]]:
    from weasyprint import HTML

    def answer(request: dict[str, Any]) -> dict[str, Any]:
        html = Path(request["html"]).read_text("utf-8")
        started = _cpu()
        pdf = HTML(string=html, base_url=request["base"]).write_pdf(pdf_variant="pdf/a-3a")
        return {"cpu": _cpu() - started, "size": len(pdf)}

    return answer


def _serve(name: str) -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    answer = {"ours": _open_ours, "stock": _open_stock}[name]()
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
