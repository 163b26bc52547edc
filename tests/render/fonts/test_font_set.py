"""Which fonts print, which characters they lack, and cuts that print the same."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pypdfium2
import pytest
from pypdf import PdfReader

from reportgen.problems import make_problem
from reportgen.render.fonts import font_set
from reportgen.render.fonts.font_set import (
    ROLES,
    SPECIAL_SPACES,
    FontSet,
    FontsNotLoadedError,
    find_fonts,
    font_folders,
    printable_characters,
)
from reportgen.render.layout.layout_engine import lay_out
from reportgen.render.templates.url_fetcher import TEMPLATE_URL, TemplateFetcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL.Image import Image

STACK = '"Times New Roman", "Liberation Serif", "標楷體", "TW-Kai", serif'


@pytest.fixture(scope="module")
def machine() -> FontSet:
    found, problems = find_fonts(font_folders())
    assert problems == ()
    return FontSet(found)


def folder_with(folder: Path, *names: str) -> Path:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\0\1\0\0")
    return folder


def test_first_face_of_each_role_fills_it(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, "sub/kaiu.ttf", "times.ttf", "LiberationSerif-Bold.ttf", "x.ttf")
    found, problems = find_fonts([folder])
    assert problems == ()
    assert [(each.role.name, each.face.family, each.path.name) for each in found] == [
        ("Latin", "Times New Roman", "times.ttf"),
        ("Latin bold", "Liberation Serif", "LiberationSerif-Bold.ttf"),
        ("Kai", "DFKai-SB", "kaiu.ttf"),
    ]


def test_file_names_match_in_any_case(tmp_path: Path) -> None:
    found, problems = find_fonts([folder_with(tmp_path, "TIMES.TTF", "KaiU.ttf")])
    assert problems == ()
    assert [each.path.name for each in found] == ["TIMES.TTF", "KaiU.ttf"]


def test_earlier_folders_win(tmp_path: Path) -> None:
    first = folder_with(tmp_path / "a", "kaiu.ttf")
    second = folder_with(tmp_path / "b", "kaiu.ttf", "times.ttf")
    found, _ = find_fonts([first, second])
    assert {each.path for each in found} == {first / "kaiu.ttf", second / "times.ttf"}


def test_of_two_files_of_one_name_the_first_by_path_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder_with(tmp_path, "b/kaiu.ttf", "a/kaiu.ttf", "a/KAIU.TTF", "times.ttf")
    walk = os.walk

    def backwards(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
        for place, inner, names in walk(folder):
            inner.sort(reverse=True)
            yield place, inner, sorted(names, reverse=True)

    monkeypatch.setattr(os, "walk", backwards)
    found, _ = find_fonts([tmp_path])
    assert [each.path for each in found] == [tmp_path / "times.ttf", tmp_path / "a/KAIU.TTF"]


def test_threads_do_not_see_each_others_configuration(machine: FontSet) -> None:
    before = os.environ.get("FONTCONFIG_FILE")

    def configure(number: int) -> None:
        with machine.configuration(f"<p>{number}"):
            pass

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(configure, range(8)))
    assert os.environ.get("FONTCONFIG_FILE") == before


def test_machine_without_kai_is_e501(tmp_path: Path) -> None:
    _, problems = find_fonts([folder_with(tmp_path, "times.ttf")])
    assert problems == (make_problem("E501", found="TW-Kai、DFKai-SB、BiauKai"),)


def test_machine_without_any_font_names_each_required_role(tmp_path: Path) -> None:
    found, problems = find_fonts([tmp_path / "absent"])
    assert found == ()
    assert problems == (
        make_problem("E501", found="Liberation Serif、Times New Roman"),
        make_problem("E501", found="TW-Kai、DFKai-SB、BiauKai"),
    )


def test_required_roles() -> None:
    assert [role.name for role in ROLES if role.required] == ["Latin", "Kai"]


@pytest.mark.parametrize(
    ("platform", "part"),
    [("linux", "/usr/share/fonts"), ("darwin", "/Library/Fonts"), ("win32", "Windows")],
)
def test_font_folders(monkeypatch: pytest.MonkeyPatch, platform: str, part: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert any(part in str(folder) for folder in font_folders())


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        ("甲", "甲"),
        ("&#x4e59;&#20057;", "乙"),
        ("&hellip;", "…"),
        (r'content: "\4e19"', "丙"),
        (r'content: "\0020000 "', "\U00020000"),
        ("é", "É"),
        ("É", "é"),
        ("", "0123456789 •"),
    ],
)
def test_characters_that_a_source_may_print(source: str, printed: str) -> None:
    assert set(printed) <= printable_characters(source)


def test_escape_beyond_unicode_is_no_character() -> None:
    assert printable_characters(r'"\110000"') == printable_characters("1")


def picture(html: str, machine: FontSet, *, cut_to: str) -> Image:
    data = pdf(html, machine, cut_to=cut_to)
    page = pypdfium2.PdfDocument(data)[0]
    image: Image = page.render(scale=2).to_pil()
    return image


def pdf(html: str, machine: FontSet, *, cut_to: str) -> bytes:
    fetcher = TemplateFetcher(Path(__file__).parent)
    with machine.configuration(cut_to) as fonts:
        layout = lay_out(html, base_url=TEMPLATE_URL, fetcher=fetcher, fonts=fonts)
        data: bytes = layout.document.write_pdf()
    return data


def document(body: str) -> str:
    css = f"@page {{ size: 300px 150px; margin: 10px }} body {{ font: 16px {STACK} }}"
    return f"<html lang=zh-Hant-TW><style>{css}</style><body>{body}"


def test_cut_fonts_print_the_same(machine: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    html = document(
        "臺北市教師研習中心 AVATAR fi 105-12-25，（分子/分母）<br><b>Bold</b> <i>Italic</i>"
    )
    cut = picture(html, machine, cut_to=html)

    def whole(self: FontSet, face: object, wanted: object, *, all_names: bool) -> bytes:
        return self.found[self._faces.index(face)].path.read_bytes()

    monkeypatch.setattr(FontSet, "_cut", whole)
    uncut = picture(html, machine, cut_to=html)
    assert cut.tobytes() == uncut.tobytes()
    assert len(cut.getcolors(100_000) or ()) > 2  # something was printed


def faces(data: bytes) -> set[str]:
    fonts = PdfReader(io.BytesIO(data)).pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    return {font["/BaseFont"].partition("+")[2] for font in fonts.values()}


def ink(html: str, machine: FontSet) -> int:
    """Return how many pixels are not white."""
    grey = picture(html, machine, cut_to=html).convert("L")
    return sum(grey.histogram()[:128])


@pytest.mark.parametrize("code", sorted(SPECIAL_SPACES), ids=lambda code: f"U+{code:04X}")
def test_a_space_of_a_template_is_a_blank(machine: FontSet, code: int) -> None:
    """TW-Kai draws a box with the name of each, also where no workbook put it there."""
    blank = ink(document(f"甲{chr(code)}乙"), machine)
    assert blank == pytest.approx(ink(document("甲 乙"), machine), abs=15)


def test_declared_faces_alone_print(machine: FontSet) -> None:
    html = document(
        "甲 A <b>B</b> <i>C</i><p style='font-family: Courier New'>D<p style='font-family: none'>乙"
    )
    found = faces(pdf(html, machine, cut_to=html))
    assert found == {
        "Liberation-Serif",
        "Liberation-Serif-Bold",
        "Liberation-Serif-Italic",
        "TW-Kai",
    }


def test_fonts_do_not_depend_on_what_was_laid_out_before(machine: FontSet) -> None:
    """Whichever set the process used first: its ``serif`` was that of the other, too."""
    regular = [found for found in machine.found if found.role.required]
    html = "<meta charset=utf-8><p>12"
    for found in (regular, regular[::-1], regular):
        printed = faces(pdf(html, FontSet(tuple(found)), cut_to=html))
        assert printed == {found[0].face.family.replace(" ", "-")}


def test_sizes_of_all_files_of_a_family(machine: FontSet) -> None:
    sizes = machine.file_sizes()
    for found in machine.found:
        size = f"{found.path.name}, {found.path.stat().st_size} bytes"
        assert size in sizes[found.face.family].split("; ")


def test_aliases_lead_to_the_face_that_is_there(machine: FontSet) -> None:
    for family, face in [("Times New Roman", "Liberation-Serif"), ("標楷體", "TW-Kai")]:
        html = document(f"<p style='font-family: {family}'>A")
        assert faces(pdf(html, machine, cut_to=html)) == {face}


def test_surroundings_are_as_before(machine: FontSet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
    with machine.configuration("甲"):
        assert "FONTCONFIG_FILE" not in os.environ
    monkeypatch.setenv("FONTCONFIG_FILE", "mine.conf")
    with machine.configuration("甲"):
        assert os.environ["FONTCONFIG_FILE"] == "mine.conf"


def test_cut_files_are_taken_away(
    machine: FontSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with machine.configuration("甲"):
        sizes = [path.stat().st_size for path in tmp_path.glob("*/*.ttf")]
    assert len(sizes) == len(machine.found)
    assert sum(sizes) < 500_000  # the fonts are 100 MB
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_font_is_passed_over(tmp_path: Path) -> None:
    folder_with(tmp_path / "a", "times.ttf", "kaiu.ttf")
    (tmp_path / "a/kaiu.ttf").write_bytes(b"<!DOCTYPE html>")
    (tmp_path / "a/BiauKai.ttf").mkdir()
    folder_with(tmp_path / "b", "kaiu.ttf")
    found, problems = find_fonts([tmp_path / "a", tmp_path / "b"])
    assert problems == ()
    assert [each.path for each in found if each.role.name == "Kai"] == [tmp_path / "b/kaiu.ttf"]


def test_a_user_without_a_home_has_the_machines_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", unknown)
    assert Path("/usr/share/fonts") in font_folders() or sys.platform != "linux"


@contextmanager
def other_configuration(name: str, value: str) -> Iterator[None]:
    """In the place of the private configuration: one that cannot be opened."""
    before = os.environ.get(name)
    os.environ[name] = f"{value}.not-there"
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def test_other_fonts_are_never_used_silently(
    machine: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(font_set, "_temporary_environment", other_configuration)
    with pytest.raises(FontsNotLoadedError), machine.configuration("甲"):
        pass


def test_a_font_that_is_not_loaded_is_noticed(
    machine: FontSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = FontSet._cut

    def cut(self: FontSet, face: object, wanted: object, *, all_names: bool) -> bytes:
        is_first = face is self._faces[0]
        return b"" if is_first else real(self, face, wanted, all_names=all_names)  # type: ignore[arg-type]

    monkeypatch.setattr(FontSet, "_cut", cut)
    with pytest.raises(FontsNotLoadedError, match=r"−0\.ttf"), machine.configuration("甲"):
        pass


def test_the_folders_of_the_environment_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    system = font_folders()
    monkeypatch.setenv("REPORTGEN_FONTS", os.pathsep.join(["/a", "/b c"]))
    assert font_folders() == (Path("/a"), Path("/b c"), *system)
    assert font_folders(Path("/first")) == (Path("/first"), Path("/a"), Path("/b c"), *system)
    monkeypatch.setenv("REPORTGEN_FONTS", "")
    assert font_folders() == system


def test_windows_need_not_be_on_drive_c(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setenv("SYSTEMROOT", "D:/WINNT")
    monkeypatch.delenv("REPORTGEN_FONTS", raising=False)
    assert font_folders()[0] == Path("D:/WINNT/Fonts")
