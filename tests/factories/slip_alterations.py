"""Alterations of slips and of what they approve, by kind: each must be found.

Three sorts. Files of the archive are altered as they lie. An insider archives an altered slip by
the archive's own steps, so that all its digests fit: the slip contradicts itself, the archive or
its signature. An insider rewrites the archive from then on: a noted head tells.
"""

from __future__ import annotations

import json
import random
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from reportgen.approval import all_approvals
from reportgen.approval.slip_signature import SigningKey, _public_form
from reportgen.archive import Head, head, log, open_archive, verify_archive
from reportgen.archive.identifiers import approvals_id
from reportgen.archive.repository import lock_archive, newest_state, now
from reportgen.archive.transaction import VersionChange, commit_version
from tests.factories.approvals import EDITION, approve, archive_figures, results
from tests.factories.archives import AGENCY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Fields = dict[str, Any]
OTHER_DIGEST = "ab" * 32
OBJECT = approvals_id(AGENCY, 105)


def new_key() -> SigningKey:
    private = Ed25519PrivateKey.generate()
    return SigningKey(private, *_public_form(private.public_key()))


@dataclass(frozen=True)
class Scene:
    """An approved edition after each of its slips, and the chance that alters it."""

    folder: Path
    places: tuple[Path, ...]  # the archive without a slip, with one, …
    slips: tuple[dict[str, bytes], ...]  # files of each slip by name
    chance: random.Random = field(default_factory=lambda: random.Random(3))


def make_scene(folder: Path) -> Scene:
    """自評 unsigned; 初核 signed, withdrawn and given again; 複核 signed."""
    key, place = new_key(), folder / "place"
    archive_figures(place)
    steps: list[Callable[[], object]] = [
        lambda: approve(place, "自評", remark="同意"),
        lambda: approve(place, "初核", "李大同", key=key),
        lambda: approve(place, "", "陳美", withdraws=2, remark="數字待查", key=key),
        lambda: approve(place, "初核", "李大同", "陳美", key=key),
        lambda: approve(place, "複核", "張三", key=new_key()),
    ]
    places = [shutil.copytree(place, folder / "0")]
    for number, step in enumerate(steps, 1):
        step()
        places.append(shutil.copytree(place, folder / str(number)))
    archive, _ = open_archive(place)
    assert archive is not None
    (approval,), problems = all_approvals(archive)
    assert problems == ()
    slips = tuple(dict(checked.files) for checked in approval.slips)
    return Scene(folder=folder, places=tuple(places), slips=slips)


def findings(place: Path, noted: Head | None = None) -> list[str]:
    """The codes that are told of an archive, as ``archive verify`` tells them."""
    archive, problems = open_archive(place)
    if archive is None:
        return [problem.code for problem in problems]
    found = [*problems, *verify_archive(archive, noted)[1], *all_approvals(archive)[1]]
    return [problem.code for problem in found]


def alter(scene: Scene, kind: str, target: Path) -> list[str]:
    """Make an altered archive at ``target``, and return what is found of it."""
    return ALTERATIONS[kind](scene, target)


# Files as they lie


def _stored(place: Path, suffix: str) -> list[Path]:
    return sorted(path for path in place.rglob(f"*{suffix}") if path.is_file())


def _on_disk(suffix: str, change: Callable[[bytes, random.Random], bytes]) -> Any:
    """Alter one file whose name ends so."""

    def make(scene: Scene, target: Path) -> list[str]:
        shutil.copytree(scene.places[-1], target)
        path = scene.chance.choice([path for path in _stored(target, suffix) if path.read_bytes()])
        content = path.read_bytes()
        changed = change(content, scene.chance)
        while changed == content:
            changed = change(content, scene.chance)
        path.chmod(0o644)
        path.write_bytes(changed)
        return findings(target)

    return make


def _flip(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content))]


def _extend(content: bytes, chance: random.Random) -> bytes:
    return content + chance.randbytes(chance.randrange(1, 9))


def _lost(suffix: str) -> Any:
    def make(scene: Scene, target: Path) -> list[str]:
        shutil.copytree(scene.places[-1], target)
        scene.chance.choice(_stored(target, suffix)).unlink()
        return findings(target)

    return make


def _exchanged(suffix: str) -> Any:
    """Exchange two files of a kind that differ."""

    def make(scene: Scene, target: Path) -> list[str]:
        shutil.copytree(scene.places[-1], target)
        paths = {path.read_bytes(): path for path in _stored(target, suffix)}
        (one, first), (two, second) = scene.chance.sample(sorted(paths.items()), 2)
        for path, content in ((first, two), (second, one)):
            path.chmod(0o644)
            path.write_bytes(content)
        return findings(target)

    return make


# Slips that an insider archives by the archive's own steps


def archive_files(place: Path, number: int, files: dict[str, bytes], edition: str) -> None:
    """Commit the files of a slip as the archive would, whatever is in them."""
    with lock_archive(place, create=False) as locked:
        entry = log.LogEntry(
            number=0,
            previous="",
            time=now(),
            kind=log.APPROVAL,
            object=OBJECT,
            agency=AGENCY,
            edition=edition,
        )
        change = VersionChange(
            entry=entry,
            files={f"{edition}/{number:03d}/{name}": data for name, data in files.items()},
            inherited=newest_state(locked, OBJECT),
            message="forged",
            user="x",
            address="urn:x:y",
        )
        commit_version(locked.root, locked.entries, locked.size, change)


def _committed(
    change: Callable[[dict[str, bytes], Scene, int], dict[str, bytes] | None],
) -> Any:
    """Archive one slip with altered files, after those before it; None: this one has no such."""

    def make(scene: Scene, target: Path) -> list[str]:
        files = None
        while files is None:
            index = scene.chance.randrange(len(scene.slips))
            files = change(dict(scene.slips[index]), scene, index)
        assert files != scene.slips[index]
        shutil.copytree(scene.places[index], target)
        archive_files(target, index + 1, files, EDITION)
        return findings(target)

    return make


def _field(name: str, values: Callable[[Fields, Scene, int], list[Any]]) -> Any:
    """Archive a slip with another value of one field, chosen from some; [] if it has none."""

    def change(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes] | None:
        fields = json.loads(files["slip.json"])
        others = [value for value in values(fields, scene, index) if value != fields[name]]
        if not others:
            return None
        fields[name] = scene.chance.choice(others)
        return files | {"slip.json": _json(fields)}

    return _committed(change)


def _json(fields: Fields) -> bytes:
    return (json.dumps(fields, ensure_ascii=False, indent=1) + "\n").encode()


def _other_digests(name: str) -> Any:
    """Another digest of a file, a file less, a file more."""

    def values(fields: Fields, scene: Scene, index: int) -> list[Any]:
        digests: dict[str, str] = fields[name]
        path = scene.chance.choice(sorted(digests))
        less = {key: value for key, value in digests.items() if key != path}
        return [digests | {path: OTHER_DIGEST}, less, digests | {f"{path}x": digests[path]}, {}]

    return _field(name, values)


def _always(*values: Any) -> Callable[[Fields, Scene, int], list[Any]]:
    """These values, for every slip."""
    return lambda fields, scene, index: list(values)


def _signed(*values: Any) -> Callable[[Fields, Scene, int], list[Any]]:
    """These values, for slips that are signed; an unsigned one is as good as the archive."""
    return lambda fields, scene, index: list(values) if fields["key"] else []


def _later(*values: Any) -> Callable[[Fields, Scene, int], list[Any]]:
    """These values, for slips that have others before them."""
    return lambda fields, scene, index: list(values) if index else []


def _form(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes]:
    """The same slip as other JSON, or other things than a slip."""
    content = files["slip.json"]
    fields = json.loads(content)
    others = [
        json.dumps(fields).encode(),
        content + b" ",
        content.replace(b"\n", b"\r\n"),
        _json(fields | {"more": 1}),
        _json({name: value for name, value in fields.items() if name != "remark"}),
        _json(dict(reversed(fields.items()))),
        _json(fields | {"schema": "reportgen.approval-slip/2"}),
        _json(fields | {"names": "王小明"}),
        _json(fields | {"names": []}),
        _json(fields | {"number": str(fields["number"])}),
        _json(fields | {"date": "2017-1-5"}),
        _json(fields | {"remark": "a\nb"}),
        _json(fields | {"number": True}),
        b"[]",
        b"",
        b"\xff",
        b"[" * 100_000,
    ]
    return files | {"slip.json": scene.chance.choice(others)}


def _without(name: str) -> Any:
    def change(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes] | None:
        return {key: data for key, data in files.items() if key != name} if name in files else None

    return _committed(change)


def _another(name: str) -> Any:
    """A signature, or a key, of another slip or of nobody."""

    def change(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes] | None:
        others = [slip[name] for slip in scene.slips if name in slip]
        others += [new_key().public_pem if name == "key.pem" else scene.chance.randbytes(64)]
        others = [data for data in others if data != files.get(name)]
        return files | {name: scene.chance.choice(others)}

    return _committed(change)


def _signed_by_another(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes]:
    """Signed anew with another key, which the slip does not name."""
    key = new_key()
    return files | {"slip.sig": key.sign(files["slip.json"]), "key.pem": key.public_pem}


def _key_unnamed(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes] | None:
    """A signed slip made an unsigned one, its signature kept as a stray file."""
    fields = json.loads(files["slip.json"])
    return files | {"slip.json": _json(fields | {"key": ""})} if fields["key"] else None


def _again(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes]:
    """Another slip in the place of this one."""
    return scene.slips[(index + scene.chance.randrange(1, len(scene.slips))) % len(scene.slips)]


def _more_files(files: dict[str, bytes], scene: Scene, index: int) -> dict[str, bytes]:
    return files | {"note.txt": b"approved"}


def _repeated(scene: Scene, target: Path) -> list[str]:
    """A slip is archived once more after all others."""
    shutil.copytree(scene.places[-1], target)
    files = scene.chance.choice(scene.slips)
    archive_files(target, len(scene.slips) + 1, files, EDITION)
    return findings(target)


def _of_another_edition(scene: Scene, target: Path) -> list[str]:
    """A slip is archived for an edition that was not approved, or is not there at all."""
    shutil.copytree(scene.places[-1], target)
    files = scene.chance.choice(scene.slips)
    archive_files(target, 1, files, "105-12-26")
    return findings(target)


def _left_out(scene: Scene, target: Path) -> list[str]:
    """A slip is archived without the one before it."""
    index = scene.chance.randrange(1, len(scene.slips))
    shutil.copytree(scene.places[index - 1], target)
    archive_files(target, index, scene.slips[index], EDITION)
    return findings(target)


# Content that is changed by a later version


def _reprint(**given: Any) -> Any:
    def make(scene: Scene, target: Path) -> list[str]:
        shutil.copytree(scene.places[-1], target)
        number = scene.chance.randrange(2, 10**6)
        keywords = {name: value(number) for name, value in given.items()}
        archive_figures(target, reprint=True, **keywords)
        return findings(target)

    return make


# An archive that is rewritten throughout


def _rewritten(name: str, value: Any) -> Any:
    """An unsigned slip is replaced and everything after it made anew; a head was noted before."""

    def make(scene: Scene, target: Path) -> list[str]:
        before, _ = open_archive(scene.places[1])
        assert before is not None
        shutil.copytree(scene.places[0], target)
        fields = json.loads(scene.slips[0]["slip.json"]) | {name: value}
        archive_files(target, 1, {"slip.json": _json(fields)}, EDITION)
        assert findings(target) == []  # by itself it is what it might have been
        return findings(target, head(before.entries))

    return make


def _set_back(scene: Scene, target: Path) -> list[str]:
    """The last slips are taken away without a trace; a head was noted before."""
    before, _ = open_archive(scene.places[-1])
    assert before is not None
    shutil.copytree(scene.chance.choice(scene.places[:-1]), target)
    return findings(target, head(before.entries))


ALTERATIONS: dict[str, Callable[[Scene, Path], list[str]]] = {
    "slip: a bit": _on_disk("slip.json", _flip),
    "slip: cut": _on_disk("slip.json", _cut),
    "slip: longer": _on_disk("slip.json", _extend),
    "slip: lost": _lost("slip.json"),
    "slip: exchanged": _exchanged("slip.json"),
    "signature: a bit": _on_disk("slip.sig", _flip),
    "signature: cut": _on_disk("slip.sig", _cut),
    "signature: lost": _lost("slip.sig"),
    "signature: exchanged": _exchanged("slip.sig"),
    "key: a bit": _on_disk("key.pem", _flip),
    "key: lost": _lost("key.pem"),
    "key: exchanged": _exchanged("key.pem"),
    "document: a bit": _on_disk(".pdf", _flip),
    "document: cut": _on_disk(".docx", _cut),
    "document: lost": _lost(".pdf"),
    "figures: a bit": _on_disk("documents.json", _flip),
    "workbook: a bit": _on_disk(".xlsx", _flip),
    "template: a bit": _on_disk(".html", _flip),
    "log: a bit": _on_disk("log.txt", _flip),
    "log: cut": _on_disk("log.txt", _cut),
    "inventory: a bit": _on_disk("inventory.json", _flip),
    "archived slip: another archive": _field("archive", _always(OTHER_DIGEST[:32], "")),
    "archived slip: another agency": _field("agency", _always("乙機關", "")),
    "archived slip: another edition": _field("edition", _always("105-12-26", "")),
    "archived slip: another reprint": _field("reprint", _always(1, 7)),
    "archived slip: another entry": _field("entry", _always(0, 2, 99)),
    "archived slip: another line": _field("entry_sha256", _always(OTHER_DIGEST, "")),
    "archived slip: another number": _field("number", _always(0, 1, 2, 7)),
    "archived slip: another slip before": _field("previous", _always(OTHER_DIGEST, "0" * 64)),
    "archived slip: another action": _field("action", _always("approve", "withdraw", "x")),
    "archived slip: another round": _field(
        "role",
        lambda fields, scene, index: ["", "決行", "複核", "自評" if index else "初核"],
    ),
    "archived slip: other rounds": _field("rounds", _later(["自評"], ["自評", "複核", "初核"], [])),
    "archived slip: other names": _field("names", _signed(["王大明"], ["李大同", "王小明"])),
    "archived slip: another day": _field("date", _always("2199-01-01", "", "x")),
    "archived slip: another signed day": _field("date", _signed("2017-01-06", "2017-01-04")),
    "archived slip: another remark": _field("remark", _signed("不同意", "同意。")),
    "archived slip: another withdrawal": _field("withdraws", _always(0, 1, 2, 9)),
    "archived slip: other documents": _other_digests("documents"),
    "archived slip: other sources": _other_digests("made_from"),
    "archived slip: other figures": _field("figures", _always(OTHER_DIGEST, "")),
    "archived slip: another key": _field("key", _always(OTHER_DIGEST, "")),
    "archived slip: another form": _committed(_form),
    "archived slip: without signature": _without("slip.sig"),
    "archived slip: without key": _without("key.pem"),
    "archived slip: without slip": _without("slip.json"),
    "archived slip: another signature": _another("slip.sig"),
    "archived slip: another public key": _another("key.pem"),
    "archived slip: signed by another": _committed(_signed_by_another),
    "archived slip: key unnamed": _committed(_key_unnamed),
    "archived slip: another slip": _committed(_again),
    "archived slip: a file more": _committed(_more_files),
    "archived slip: repeated": _repeated,
    "archived slip: for another edition": _of_another_edition,
    "archived slip: one left out": _left_out,
    "later version: a figure": _reprint(figures=lambda number: results(f"1/{number + 10}")),
    "later version: an input": _reprint(figures=lambda number: results(pupils=str(number + 20))),
    "later version: the workbook": _reprint(workbook=lambda number: str(number).encode()),
    "rewritten archive: names": _rewritten("names", ["王大明"]),
    "rewritten archive: remark": _rewritten("remark", ""),
    "rewritten archive: day": _rewritten("date", "2017-01-04"),
    "rewritten archive: set back": _set_back,
}


def alterations(scene: Scene, count: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the kind of each of so many alterations, in turn, and what was found of it."""
    kinds = list(ALTERATIONS)
    for number in range(count):
        kind, target = kinds[number % len(kinds)], scene.folder / "altered"
        yield kind, alter(scene, kind, target)
        shutil.rmtree(target)
