"""The fonts of a document: which faces print it, which characters they have, and their subsets.

Only the faces declared here are ever used: the layout engine sees a private font configuration, so
that no other font of the machine can slip in, and a character that none of them has is found before
anything is written. Each face is first cut to the document's own characters: TW-Kai is a file of 52
MB, which WeasyPrint would copy for each face, while its subset is made in some milliseconds and
lays out the same.
"""

from __future__ import annotations

import html
import os
import re
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape

from reportgen.problems import Problem, make_problem
from reportgen.processes.scratch_folders import scratch_folder
from reportgen.render.fonts.installed_families import FontFile, files_below, find_family

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import ModuleType

    import uharfbuzz
    from weasyprint.text.fonts import FontConfiguration


@dataclass(frozen=True, slots=True)
class Face:
    """A font file that may print: its name in CSS, its aliases, its file names."""

    family: str
    aliases: tuple[str, ...]
    files: tuple[str, ...]

    def names(self) -> tuple[str, ...]:
        """Return every name that a stylesheet may use for it: the family and its aliases."""
        return (self.family, *self.aliases)


@dataclass(frozen=True, slots=True)
class Role:
    """A part of the document's type; the first of its faces that is installed fills it."""

    name: str
    required: bool
    faces: tuple[Face, ...]


SCRATCH_PREFIX: Final = "reportgen-fonts-"
FOLDERS_VARIABLE: Final = "REPORTGEN_FONTS"  # folders that are searched before the system's

_LATIN = ("Times New Roman", "Liberation Serif")
_KAI = ("標楷體", "DFKai-SB", "BiauKai", "TW-Kai")

# In the order in which faces are asked for a character: digits and letters are the Latin face's,
# which 標楷體 has too, and what 標楷體 lacks is in its supplements of the same design.
ROLES = (
    Role(
        "Latin",
        True,
        (
            Face("Liberation Serif", _LATIN, ("LiberationSerif-Regular.ttf",)),
            Face("Times New Roman", _LATIN, ("times.ttf", "Times New Roman.ttf")),
        ),
    ),
    Role("Latin bold", False, (Face("Liberation Serif", (), ("LiberationSerif-Bold.ttf",)),)),
    Role("Latin italic", False, (Face("Liberation Serif", (), ("LiberationSerif-Italic.ttf",)),)),
    Role(
        "Kai",
        True,
        (
            Face("TW-Kai", _KAI, ("TW-Kai-98_1.ttf", "TW-Kai.ttf")),
            Face("DFKai-SB", _KAI, ("kaiu.ttf",)),
            Face("BiauKai", _KAI, ("BiauKai.ttf", "BiauKai.dfont")),
        ),
    ),
    Role(
        "Kai, rare characters",
        False,
        (Face("TW-Kai-Ext-B", (), ("TW-Kai-Ext-B-98_1.ttf", "TW-Kai-Ext-B.ttf")),),
    ),
    Role(
        "Kai, rarer characters",
        False,
        (Face("TW-Kai-Plus", (), ("TW-Kai-Plus-98_1.ttf", "TW-Kai-Plus.ttf")),),
    ),
)


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face and the file that holds it on this machine."""

    role: Role
    face: Face
    path: Path
    index: int = 0  # in a collection


_NAMED_ROLE = Role("named by the template", False, ())
_GENERIC_FAMILIES = {"arial": ("sans-serif", "system-ui"), "courier new": ("monospace",)}


class FontsNotLoadedError(Exception):
    """The layout library sees other fonts than the document's; ``args[0]`` says which."""


def font_folders(first: Path | None = None) -> tuple[Path, ...]:
    """Return ``first``, the folders of REPORTGEN_FONTS, and those where this system keeps fonts.

    They need not exist. The user's own come before the system's on Linux and macOS.
    """
    named = filter(None, os.environ.get(FOLDERS_VARIABLE, "").split(os.pathsep))
    own = () if first is None else (first,)
    return (*own, *map(Path, named), *_system_font_folders())


def _system_font_folders() -> tuple[Path, ...]:
    """Return the folders where this system keeps fonts."""
    try:
        home = Path.home()
    except RuntimeError:  # a user that the system does not know, without HOME
        home = Path("/")
    if sys.platform == "win32":
        return (
            Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "Fonts"),
            home / "AppData/Local/Microsoft/Windows/Fonts",
        )
    if sys.platform == "darwin":
        return (home / "Library/Fonts", Path("/Library/Fonts"), Path("/System/Library/Fonts"))
    return (
        home / ".local/share/fonts",
        home / ".fonts",
        Path("/usr/local/share/fonts"),
        Path("/usr/share/fonts"),
    )


def find_fonts(folders: Iterable[Path]) -> tuple[tuple[FoundFace, ...], tuple[Problem, ...]]:
    """Return the first installed face of each role, in the order of ``ROLES``, and problems.

    These are E501 for each required role that no face fills. ``folders`` are searched at any depth;
    of two files of one name, that of the first folder counts.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for file in files_below(folder):
            if file.name.lower() in _FILES and _is_font(file):
                files.setdefault(file.name.lower(), file)
    faces, problems = [], []
    for role in ROLES:
        for face in role.faces:
            path = next((files[f.lower()] for f in face.files if f.lower() in files), None)
            if path is not None:
                faces.append(FoundFace(role, face, path))
                break
        else:
            if role.required:
                families = "、".join(face.family for face in role.faces)
                problems.append(make_problem("E501", found=families))
    return tuple(faces), tuple(problems)


def _named_face(family: str, file: FontFile) -> FoundFace:
    """Return the face of a font file, with the template's name ``family`` for it as an alias.

    Generic families that are printed by it, such as ``monospace``, are aliases too.
    """
    is_own_name = family.lower() in map(str.lower, file.names)
    name = family if is_own_name else file.names[0]
    face = Face(name, (family, *_GENERIC_FAMILIES.get(family.lower(), ())), (file.path.name,))
    return FoundFace(_NAMED_ROLE, face, file.path, file.face_index)


_BUILT_IN = frozenset(
    name.lower() for role in ROLES for face in role.faces for name in face.names()
)
_FILES = frozenset(file.lower() for role in ROLES for face in role.faces for file in face.files)
_FONT_SIGNATURES = (b"\0\1\0\0", b"OTTO", b"true", b"ttcf", b"\0\0\1\0")  # the last: .dfont


def _is_font(path: Path) -> bool:
    """Return whether a file can be read and starts as a font does."""
    try:
        with path.open("rb") as file:
            return file.read(4) in _FONT_SIGNATURES
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class Outline:
    """The outlines of a word in PDF operators, from (0, 0) to its width and height, in ems."""

    path: tuple[str, ...]
    width: float
    height: float


# Printed without occurring in the source: counters, list markers, hyphens, ellipses.
_GENERATED_CHARACTERS = "".join(map(chr, range(32, 127))) + "•◦▪‐…零〇一二三四五六七八九十百千萬"
_ESCAPE = re.compile(r"\\0*([0-9a-fA-F]{1,5}|10[0-9a-fA-F]{4})\b")


_LIST_NUMERALS = {
    "cjk-heavenly-stem": "甲乙丙丁戊己庚辛壬癸、",
    "cjk-earthly-branch": "子丑寅卯辰巳午未申酉戌亥、",
    "trad-chinese-informal": "、",
    "trad-chinese-formal": "壹貳參肆伍陸柒捌玖拾、",
}


def printable_characters(source: str) -> frozenset[str]:
    """Return the characters that HTML and CSS may print: literal, escaped, or in other case.

    Those of list markers and other generated content are among them. Tags and the like are not left
    out, so there are more than are printed.
    """
    source += "".join(text for style, text in _LIST_NUMERALS.items() if style in source)
    text = html.unescape(source) + "".join(chr(int(code, 16)) for code in _ESCAPE.findall(source))
    return frozenset(source + text + text.upper() + text.lower() + _GENERATED_CHARACTERS)


# Spaces other than U+0020 and U+3000. TW-Kai draws a box with the name of each: such a glyph is
# left out of the subset, and HarfBuzz substitutes the glyph of U+0020.
SPECIAL_SPACES: Final = frozenset({0x00A0, *range(0x2000, 0x200B), 0x202F, 0x205F})


class FontSet:
    """The faces of a machine, opened once.

    A character is printed by the first face that has it, in the order of ``found``: that of
    ``ROLES``, then the families that templates name. It is what Pango does with the configuration
    that is made here, so that a missing character is known without a layout.
    """

    def __init__(
        self, found: tuple[FoundFace, ...], folders: tuple[Path, ...] | None = None
    ) -> None:
        """Open the faces, and read which characters each has.

        A special space that a face draws with strokes counts as missing. ``folders`` are searched
        for further families; None: those of the system.
        """
        import uharfbuzz  # 0.05 s: only where fonts are used

        self._hb: ModuleType = uharfbuzz
        self.found = found
        self._folders = font_folders() if folders is None else folders
        self._named: dict[frozenset[str], FontSet] = {}  # by the families that were added
        self._faces = [
            uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(f.path)), f.index) for f in found
        ]
        self._character_sets = [face.unicodes for face in self._faces]  # codes, by face
        for face, covered in zip(self._faces, self._character_sets, strict=True):
            for code in filter(covered.__contains__, SPECIAL_SPACES):
                if self._is_drawn(face, code):
                    covered.discard(code)

    def __reduce__(
        self,
    ) -> tuple[type[FontSet], tuple[tuple[FoundFace, ...], tuple[Path, ...]]]:
        return FontSet, (self.found, self._folders)

    def with_families(self, families: Iterable[str]) -> FontSet:
        """Return these fonts and the installed ones of the families that they lack; cached.

        Families that are not installed are left out silently; if all are, it is this set itself.
        """
        names = frozenset(name for name in families if not self.has_family(name))
        if names not in self._named:
            faces = tuple(
                _named_face(name, file)
                for name in sorted(names)
                for file in find_family(name, self._folders)
            )
            self._named[names] = FontSet((*self.found, *faces), self._folders) if faces else self
        return self._named[names]

    def has_family(self, family: str) -> bool:
        """Return whether a family prints: a built-in one, or one that a template has named."""
        named = (name for face in self.found for name in face.face.names())
        return family.lower() in _BUILT_IN or family.lower() in map(str.lower, named)

    def file_sizes(self) -> dict[str, str]:
        """Return family → "file name, size in bytes" of the faces, to recognize the fonts by.

        Of several faces of one family they are separated by semicolons. Another font seldom has the
        same size.
        """
        sizes: dict[str, list[str]] = {}
        for found in self.found:
            size = f"{found.path.name}, {found.path.stat().st_size} bytes"
            sizes.setdefault(found.face.family, []).append(size)
        return {family: "; ".join(texts) for family, texts in sizes.items()}

    def same_glyph(self, one: str, other: str) -> bool:
        """Return whether the first face that has both characters shows them by the same glyph.

        It is False if no face has both.
        """
        for face, covered in zip(self._faces, self._character_sets, strict=True):
            if ord(one) in covered and ord(other) in covered:
                font = self._hb.Font(face)
                glyph: bool = font.get_nominal_glyph(ord(one)) == font.get_nominal_glyph(ord(other))
                return glyph
        return False

    def role_of(self, character: str, *, beside: str = "") -> str:
        """Return the role of the first face that has a character, or "" if none does.

        A combining mark is looked up ``beside`` its letter, in the letter's face alone: only that
        one places it correctly.
        """
        for found, covered in zip(self.found, self._character_sets, strict=True):
            if ord(beside or character) in covered:
                return found.role.name if ord(character) in covered else ""
        return ""

    def _is_drawn(self, face: uharfbuzz.Face, code: int) -> bool:
        """Return whether the glyph of a character code has any strokes."""
        font = self._hb.Font(face)
        extents = font.get_glyph_extents(font.get_nominal_glyph(code))
        return extents is not None and bool(extents.width or extents.height)

    def outline(self, text: str) -> Outline:
        """Return a word's outlines in one line, each character from the first face that has it.

        Characters that no face has are left out. A word without any stroke is one em wide and high.
        """
        strokes: list[tuple[str, list[float]]] = []
        start = 0.0
        for character in text:
            if (face := self._face_of(character)) is not None:
                start = _trace_glyph(self._hb, face, ord(character), start, strokes)
        xs = [x for _, coordinates in strokes for x in coordinates[::2]] or [0.0, 1.0]
        ys = [y for _, coordinates in strokes for y in coordinates[1::2]] or [0.0, 1.0]
        left, bottom = min(xs), min(ys)
        path = tuple(
            " ".join(
                (
                    *(f"{n - (bottom if i % 2 else left):.4f}" for i, n in enumerate(coordinates)),
                    operator,
                )
            )
            for operator, coordinates in strokes
        )
        return Outline(path, max(xs) - left, max(ys) - bottom)

    def has_variant(self, character: str, selector: str) -> bool:
        """Return whether the face that prints a character has its form for a variation selector.

        It is False if no face has the character.
        """
        face, code = self._face_of(character), ord(selector)
        if face is None or code not in face.variation_selectors:
            return False
        return ord(character) in face.variation_unicodes(code)

    def _face_of(self, character: str) -> uharfbuzz.Face | None:
        """Return the first face that has a character, or None."""
        faces = zip(self._faces, self._character_sets, strict=True)
        return next((face for face, covered in faces if ord(character) in covered), None)

    @contextmanager
    def configuration(self, source: str) -> Iterator[FontConfiguration]:
        """Yield a WeasyPrint FontConfiguration that knows these faces only.

        They are subset to what a source of HTML and CSS may print; the subset files live as long as
        the context. Raises FontsNotLoadedError if others than these would print.
        """
        with self.subset_configuration(printable_characters(source)) as fonts:
            yield fonts

    @contextmanager
    def subset_configuration(self, wanted: frozenset[str]) -> Iterator[FontConfiguration]:
        """Yield a WeasyPrint FontConfiguration like ``configuration``, for the wanted characters.

        The subset files are in a temporary folder, removed with the context; OSError if it cannot
        be written.
        """
        from weasyprint.text.fonts import FontConfiguration

        with scratch_folder(SCRATCH_PREFIX) as folder:
            codes = set(map(ord, wanted))
            for number, (face, covered) in enumerate(
                zip(self._faces, self._character_sets, strict=True)
            ):
                odd = {code for code in codes & SPECIAL_SPACES if code not in covered}
                named = self.found[number].role is _NAMED_ROLE
                cut = self._cut(face, codes - odd, all_names=named)
                (folder / f"{number}.ttf").write_bytes(cut)
            config = folder / "fonts.conf"
            config.write_text(self._fontconfig_xml(folder), "utf-8")
            with _temporary_environment("FONTCONFIG_FILE", str(config)):
                fonts = FontConfiguration()
            needed = {
                f"{number}.ttf"
                for number, covered in enumerate(self._character_sets)
                if not codes.isdisjoint(covered)
            }
            _check_loaded_fonts(fonts, folder, needed)
            yield fonts

    def _cut(self, face: uharfbuzz.Face, wanted: Iterable[int], *, all_names: bool) -> bytes:
        """Return a face as a font file with the glyphs of the character codes only, without hints.

        ``all_names`` keeps the font's names in all languages, not the English ones alone.
        """
        cut = self._hb.SubsetInput()
        cut.unicode_set.update(wanted)
        cut.flags = self._hb.SubsetFlags.NO_HINTING
        if all_names:  # a Chinese face may have no English one
            cut.name_lang_id_set.clear()
            cut.name_lang_id_set.invert()
        data: bytes = self._hb.subset(face, cut).blob.data
        return data

    def _fontconfig_xml(self, folder: Path) -> str:
        """Return a fontconfig file by which the fonts in ``folder`` are the only ones.

        Families have their aliases; ``serif``, and what a family lacks, are the built-in faces in
        their order. Scanned data are cached in a subfolder. Pango follows these rules while the
        configuration is the process's current one, which the layout engine sees to.
        """
        lines = [
            '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">',
            f"<fontconfig><dir>{escape(str(folder))}</dir>",
            f"<cachedir>{escape(str(folder / 'cache'))}</cachedir>",
        ]
        built_in = (face for face in self.found if face.role is not _NAMED_ROLE)
        faces = list(dict.fromkeys(escape(installed.face.family) for installed in built_in))
        # Of "serif", and of what a family lacks: the Latin face comes first, for the digits.
        families = "".join(f"<family>{face}</family>" for face in faces)
        lines.append(f"<alias binding='same'><family>serif</family><prefer>{families}</prefer>")
        lines.append("</alias>")
        lines += [
            "<match target='pattern'><edit name='family' mode='append_last' binding='weak'>"
            f"<string>{face}</string></edit></match>"
            for face in faces
        ]
        lines += [
            f"<alias binding='same'><family>{escape(alias)}</family>"
            f"<prefer><family>{escape(installed.face.family)}</family></prefer></alias>"
            for installed in self.found
            for alias in installed.face.aliases
            if alias != installed.face.family
        ]
        return "\n".join([*lines, "</fontconfig>"])


def _trace_glyph(
    harfbuzz: ModuleType,
    face: uharfbuzz.Face,
    code: int,
    start: float,
    strokes: list[tuple[str, list[float]]],
) -> float:
    """Append the strokes of a character's glyph to ``strokes``, and return where the next starts.

    A stroke is a PDF operator with its coordinates, x and y in turn; these, and ``start``, are in
    ems.
    """

    def add(operator: str) -> Callable[..., None]:
        """Return a callback that appends a stroke with this PDF operator, moved to ``start``."""

        def stroke(*coordinates: Any) -> None:
            points = [number / face.upem for number in coordinates[:-1]]
            strokes.append((operator, [n + (0 if i % 2 else start) for i, n in enumerate(points)]))

        return stroke

    draw = harfbuzz.DrawFuncs()
    draw.set_move_to_func(add("m"))
    draw.set_line_to_func(add("l"))
    draw.set_cubic_to_func(add("c"))
    draw.set_close_path_func(lambda data: strokes.append(("h", [])))
    font = harfbuzz.Font(face)
    glyph = font.get_nominal_glyph(code)
    font.draw_glyph(glyph, draw, None)
    advance: float = font.get_glyph_h_advance(glyph) / face.upem
    return start + advance


def _check_loaded_fonts(fonts: FontConfiguration, folder: Path, needed: set[str]) -> None:
    """Raise FontsNotLoadedError unless the fonts loaded are those of a folder, all needed included.

    fontconfig falls back silently to the system's fonts if it cannot read its configuration.
    """
    paths = [Path(path) for path in _loaded_font_files(fonts)]
    foreign = sorted({path.name for path in paths if path.parent.name != folder.name})
    missing = sorted(needed.difference(path.name for path in paths))
    if foreign or missing:
        names = [*foreign[:3], *(f"−{name}" for name in missing[:3])]
        raise FontsNotLoadedError("、".join(names))


def _loaded_font_files(fonts: FontConfiguration) -> Iterator[str]:
    """Yield the path of each font that a configuration has loaded."""
    from weasyprint.text.ffi import ffi, fontconfig

    loaded = fontconfig.FcConfigGetFonts(fonts._config, fontconfig.FcSetSystem)
    value = ffi.new("FcChar8 **")
    for number in range(loaded.nfont if loaded else 0):
        pattern = loaded.fonts[number]
        if fontconfig.FcPatternGetString(pattern, b"file", 0, value) == fontconfig.FcResultMatch:
            yield ffi.string(value[0]).decode("utf-8", "replace")


_ENVIRONMENT_LOCK = threading.Lock()


@contextmanager
def _temporary_environment(name: str, value: str) -> Iterator[None]:
    """Set an environment variable within the context, and restore it afterwards.

    One thread at a time, as all share it; other threads wait.
    """
    with _ENVIRONMENT_LOCK:
        before = os.environ.get(name)
        os.environ[name] = value
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before
