"""Signed slips: OpenSSL alone verifies them, by the commands that the documentation gives."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from reportgen.approval import SlipState
from reportgen.approval.slip_signature import (
    InvalidSignatureError,
    PassphraseNeededError,
    SigningKey,
    read_signing_key,
    verify_signature,
)
from tests.conftest import ROOT
from tests.factories.approvals import approve, archive_figures, state

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
COMMANDS = re.findall(r"(?m)^openssl .*$", (ROOT / "docs/approval.md").read_text("utf-8"))
ED25519 = ("-algorithm", "ed25519")
RSA = ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")


def openssl(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["openssl", *arguments], cwd=folder, capture_output=True, text=True, check=False
    )


def key_file(folder: Path, *options: str) -> Path:
    done = openssl(folder, "genpkey", *options, "-out", "key.priv")
    assert done.returncode == 0, done.stderr
    return folder / "key.priv"


def read_key(path: Path, passphrase: str | None = None) -> SigningKey:
    key, problems = read_signing_key(path, passphrase)
    assert problems == ()
    assert key is not None
    return key


@pytest.mark.parametrize("options", [ED25519, RSA], ids=["Ed25519", "RSA"])
def test_the_documented_commands_verify_a_slip(tmp_path: Path, options: tuple[str, ...]) -> None:
    place, folder = tmp_path / "a", tmp_path / "slip"
    archive_figures(place)
    key = read_key(key_file(tmp_path, *options))
    approve(place, "自評", key=key)
    (checked,) = state(place).slips
    assert (checked.state, checked.is_signature_checked) == (SlipState.VALID, True)
    folder.mkdir()
    for name, content in checked.files.items():
        (folder / name).write_bytes(content)
    assert len(COMMANDS) == 3
    for command in COMMANDS:
        done = openssl(folder, *command.split()[1:])
        assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith(f"= {key.fingerprint}")
    assert f'"key": "{key.fingerprint}"'.encode() in checked.files["slip.json"]
    (folder / "slip.json").write_bytes(checked.files["slip.json"].replace(b"2017", b"2018"))
    assert openssl(folder, *COMMANDS[0].split()[1:]).returncode != 0


def test_a_key_with_a_passphrase(tmp_path: Path) -> None:
    path = key_file(tmp_path, *ED25519, "-aes256", "-pass", "pass:秘密")
    with pytest.raises(PassphraseNeededError):
        read_signing_key(path, None)
    assert [problem.code for problem in read_signing_key(path, "x")[1]] == ["E656"]
    key = read_key(path, "秘密")
    assert verify_signature(key.public_pem, key.sign(b"x"), b"x") == key.fingerprint


@pytest.mark.parametrize(
    "options",
    [
        ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"),
        ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        ("-algorithm", "X25519"),
    ],
    ids=["short RSA", "EC", "X25519"],
)
def test_other_keys_are_refused(tmp_path: Path, options: tuple[str, ...]) -> None:
    _, (problem,) = read_signing_key(key_file(tmp_path, *options), None)
    assert problem.code == "E656"


def test_files_that_are_no_keys_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert [problem.code for problem in read_signing_key(path, None)[1]] == ["E656"]
    for content in (b"", b"x", b"-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"):
        path.write_bytes(content)
        assert [problem.code for problem in read_signing_key(path, None)[1]] == ["E656"]


def test_a_signature_of_another_key_or_message_is_invalid(tmp_path: Path) -> None:
    key = read_key(key_file(tmp_path, *ED25519))
    other = read_key(key_file(tmp_path, *RSA))
    signature = key.sign(b"a slip")
    for pem, sig, message in (
        (key.public_pem, signature, b"another"),
        (other.public_pem, signature, b"a slip"),
        (key.public_pem, signature[:-1], b"a slip"),
        (key.public_pem, b"", b"a slip"),
        (b"", signature, b"a slip"),
        (key.public_pem + b"\n", signature, b"a slip"),
    ):
        with pytest.raises(InvalidSignatureError):
            verify_signature(pem, sig, message)


def test_without_the_package_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, path = tmp_path / "a", key_file(tmp_path, *ED25519)
    archive_figures(place)
    approve(place, "自評", key=read_key(path))
    for name in [name for name in sys.modules if name.split(".")[0] == "cryptography"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "cryptography", None)
    assert [problem.code for problem in read_signing_key(path, None)[1]] == ["E655"]
    (checked,) = state(place, "W661").slips
    assert (checked.state, checked.is_signature_checked) == (SlipState.VALID, False)
