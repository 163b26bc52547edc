"""Timestamps and signatures over the head, by an authority that the tests make themselves."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from reportgen.archive import anchor, load_files, log, open_archive
from reportgen.archive.anchor import (
    SIGNATURE,
    TIMESTAMP,
    read_roots,
    sign_head,
    timestamp_head,
    verify_anchors,
)
from reportgen.archive.transaction import UnfinishedTransactionError
from reportgen.cli import main
from reportgen.problems import ExitCode
from tests.factories import certification_authority
from tests.factories.archives import add, sound
from tests.factories.certification_authority import PASSPHRASE, Holder, service

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root() -> Holder:
    return certification_authority.root()


@pytest.fixture(scope="module")
def signer(root: Holder) -> Holder:
    return certification_authority.signer(root)


@pytest.fixture(scope="module")
def stamper(root: Holder) -> Holder:
    return certification_authority.stamper(root)


def key_file(folder: Path, signer: Holder, root: Holder) -> Path:
    path = folder / "機關.p12"
    path.write_bytes(signer.pkcs12(root))
    return path


@pytest.fixture
def anchored(tmp_path: Path, root: Holder, signer: Holder, stamper: Holder) -> Path:
    """An archive with a timestamp, a signature, and a signature that has a timestamp."""
    place = tmp_path / "a"
    add(place)
    key = key_file(tmp_path, signer, root)
    with service(stamper) as address:
        entry, problems = timestamp_head(sound(place), address, "王")
        assert problems == ()
        assert entry is not None
        assert entry.kind == "anchor"
        add(place, "105-12-26")
        assert sign_head(sound(place), key, PASSPHRASE, "王")[1] == ()
        assert sign_head(sound(place), key, PASSPHRASE, "王", address)[1] == ()
    return place


def codes(place: Path, *roots: bytes) -> list[str]:
    archive, _ = open_archive(place)
    assert archive is not None
    return [each.code for each in verify_anchors(archive, roots)[1]]


def test_what_is_vouched_for(anchored: Path, root: Holder) -> None:
    archive = sound(anchored)
    found, problems = verify_anchors(archive, (root.pem,))
    assert problems == ()
    assert [(each.kind, each.number, each.trusted) for each in found] == [
        (TIMESTAMP, 1, True),
        (SIGNATURE, 3, True),
        (SIGNATURE, 4, True),
    ]
    assert [each.signer for each in found] == [
        "Common Name: 測試時戳服務",
        "Common Name: 測試機關",
        "Common Name: 測試機關",
    ]
    assert [each.name for each in archive.editions] == ["105-12-25", "105-12-26"]


def test_without_a_trusted_root_it_is_told(anchored: Path) -> None:
    assert codes(anchored) == ["W603"] * 3
    assert codes(anchored, certification_authority.root().pem) == ["W603"] * 3  # another's


def test_a_token_that_is_damaged_is_found(anchored: Path, root: Holder) -> None:
    archive = sound(anchored)
    for entry in archive.entries:
        if entry.kind != "anchor":
            continue
        for _, kind, stated, token, _ in anchor._archived_tokens(archive, entry):
            assert stated is not None
            assert token is not None
            for wrong in (token[:-9], token[:-30] + b"x" * 30, b"", b"x"):
                with pytest.raises(anchor._InvalidTokenError):
                    anchor._check_token(archive, entry, kind, (stated, wrong), (root.pem,))
            for false in (b"", stated.replace(b"entry ", b"entry 1")):
                with pytest.raises(anchor._InvalidTokenError):
                    anchor._check_token(archive, entry, kind, (false, token), (root.pem,))


def test_another_head_is_not_vouched_for(anchored: Path, root: Holder, tmp_path: Path) -> None:
    """A token is copied into an archive that has other contents."""
    from dataclasses import replace

    archive = sound(anchored)
    forged = replace(archive.entries[1], hash="0" * 64)
    other = replace(archive, entries=(archive.entries[0], forged, *archive.entries[2:]))
    found, problems = verify_anchors(other, (root.pem,))
    assert [each.code for each in problems] == ["E631"]
    assert [each.number for each in found] == [3, 4]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_agrees(anchored: Path, root: Holder, tmp_path: Path) -> None:
    archive = sound(anchored)
    ca = tmp_path / "ca.pem"
    ca.write_bytes(root.pem)
    for entry in (each for each in archive.entries if each.kind == "anchor"):
        files, _ = load_files(archive, entry)
        for name in (each.path for each in entry.files):
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(files[name])
        folder = path.parent
        if (folder / "token.tst").exists():
            command = ["ts", "-verify", "-token_in", "-in", "token.tst", "-data", "statement.txt"]
        else:
            command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "signature.p7s"]
            command += ["-content", "statement.txt", "-purpose", "any"]
        command += ["-CAfile", str(ca)]
        done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr


def test_what_cannot_be_stamped(tmp_path: Path, stamper: Holder, signer: Holder) -> None:
    add(tmp_path)
    archive = sound(tmp_path)
    for address in ("", "ftp://127.0.0.1/", "file:///etc/passwd", "http://127.0.0.1:9/", "http://"):
        entry, problems = timestamp_head(archive, address, "王")
        assert entry is None
        assert [each.code for each in problems] == ["E630"], address
    with service(stamper, refuses=True) as address:
        assert [each.code for each in timestamp_head(archive, address, "王")[1]] == ["E630"]
    assert len(sound(tmp_path).entries) == 2


def test_keys_that_cannot_sign(tmp_path: Path, root: Holder, signer: Holder) -> None:
    place = tmp_path / "a"
    add(place)
    archive = sound(place)
    key, text = key_file(tmp_path, signer, root), tmp_path / "no.p12"
    text.write_text("x")
    for path, passphrase in ((key, "wrong"), (text, ""), (tmp_path / "none.p12", "")):
        entry, problems = sign_head(archive, path, passphrase, "王")
        assert entry is None
        assert [each.code for each in problems] == ["E632"]
    assert [each.code for each in read_roots((text, tmp_path / "none.pem"))[1]] == ["E632"] * 2


def test_without_pyhanko_it_is_told(
    anchored: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = sound(anchored)
    for name in [each for each in sys.modules if each.split(".")[0] in ("pyhanko", "asn1crypto")]:
        monkeypatch.delitem(sys.modules, name)
    for name in ("pyhanko", "asn1crypto"):
        monkeypatch.setitem(sys.modules, name, None)
    assert [each.code for each in verify_anchors(archive)[1]] == ["W604"]
    assert [each.code for each in timestamp_head(archive, "http://127.0.0.1:9/", "王")[1]] == [
        "E629"
    ]
    assert [each.code for each in sign_head(archive, tmp_path / "x", "", "王")[1]] == ["E629"]
    assert [each.code for each in read_roots((tmp_path / "x",))[1]] == ["E629"]


@pytest.fixture(scope="module")
def people(root: Holder, signer: Holder, stamper: Holder) -> tuple[Holder, Holder, Holder]:
    return root, signer, stamper


def test_the_commands(
    tmp_path: Path,
    people: tuple[Holder, Holder, Holder],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    root, signer, stamper = people
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REPORTGEN_LANG", "zh-TW")
    monkeypatch.setenv("REPORTGEN_KEY_PASSPHRASE", PASSPHRASE)
    add(Path("archive"))
    key = key_file(tmp_path, signer, root)
    Path("ca.pem").write_bytes(root.pem)
    with service(stamper) as address:
        assert main(["archive", "stamp", "--authority", address]) == ExitCode.DONE
        sign_it = ["archive", "sign", "--key", str(key), "--authority", address]
        assert main(sign_it) == ExitCode.DONE
    said = capsys.readouterr().out
    assert "已蓋時間戳記 1-" in said
    assert "已簽署 2-" in said
    assert main(["archive", "verify", "--trust", "ca.pem"]) == ExitCode.DONE
    captured = capsys.readouterr()
    assert captured.err == ""
    assert "由「Common Name: 測試時戳服務」蓋時間戳記（憑證可信）。" in captured.out
    assert "由「Common Name: 測試機關」簽署（憑證可信）。" in captured.out
    assert main(["archive", "verify"]) == ExitCode.DONE
    assert "〔W603〕" in capsys.readouterr().err
    assert main(["archive", "list"]) == ExitCode.DONE
    assert main(["archive", "sign", "--key", "none.p12"]) == ExitCode.FILE
    monkeypatch.setenv("REPORTGEN_KEY_PASSPHRASE", "wrong")
    assert main(sign_it) == ExitCode.FILE
    capsys.readouterr()
    assert main(["archive", "verify", "--trust", "none.pem"]) == ExitCode.FILE
    captured = capsys.readouterr()
    assert captured.err.count("〔") == captured.err.count("〔E632〕") == 1
    assert captured.out == ""  # nothing is said of the archive, which was not looked at


def test_a_signature_that_cannot_be_timestamped_is_not_archived(
    tmp_path: Path, root: Holder, signer: Holder
) -> None:
    add(tmp_path / "a")
    key, address = key_file(tmp_path, signer, root), "ftp://127.0.0.1/"
    entry, (problem,) = sign_head(sound(tmp_path / "a"), key, PASSPHRASE, "王", address)
    assert entry is None
    assert (problem.code, dict(problem.fields)["found"]) == ("E630", address)
    assert len(sound(tmp_path / "a").entries) == 2


def test_a_token_that_cannot_be_archived_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(tmp_path)
    archive = sound(tmp_path)

    def is_cut_off(*given: object) -> None:
        raise UnfinishedTransactionError("the disk is gone")

    with monkeypatch.context() as patch:
        patch.setattr(anchor, "commit_version", is_cut_off)
        entry, (problem,) = anchor._archive_token(archive, SIGNATURE, b"statement", b"token", "王")
    assert entry is None
    assert (problem.code, dict(problem.fields)["reason"]) == ("E609", "the disk is gone")
    path = tmp_path / log.NAME
    content = path.read_bytes().replace(b"105-12-25", b"105-12-24")
    path.write_bytes(content)
    entry, (problem,) = anchor._archive_token(archive, SIGNATURE, b"statement", b"token", "王")
    assert (entry, problem.code) == (None, "E615")
    assert path.read_bytes() == content


def test_a_token_whose_files_are_lost_vouches_for_nothing(tmp_path: Path) -> None:
    add(tmp_path)
    entry, _ = anchor._archive_token(sound(tmp_path), SIGNATURE, b"statement", b"token", "王")
    assert entry is not None
    archive, _ = open_archive(tmp_path)
    assert archive is not None
    for lost in tmp_path.rglob("*signature.p7s"):
        lost.unlink()
    found, problems = verify_anchors(archive)
    assert (found, [problem.code for problem in problems]) == ((), ["E619"])
