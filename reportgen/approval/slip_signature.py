"""Signatures of slips: Ed25519, or RSA with SHA-256, which OpenSSL alone can verify.

The package ``cryptography`` does it; it comes with the extra: ``pip install 'reportgen[anchor]'``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reportgen.archive.digests import sha256
from reportgen.archive.errors import os_reason
from reportgen.problems import Location, Problem, make_problem

if TYPE_CHECKING:
    from pathlib import Path

MIN_RSA_BITS = 2048


class InvalidSignatureError(Exception):
    """The signature is invalid; ``args[0]`` gives the reason."""


class PassphraseNeededError(Exception):
    """The key is encrypted, and no passphrase was given."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, and the public key that verifies what it signs."""

    private_key: Any
    public_pem: bytes
    fingerprint: str  # SHA-256 of the public key in DER

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message: 64 bytes of Ed25519, or PKCS #1 v1.5 of RSA."""
        return bytes(self.private_key.sign(message, *_scheme(self.private_key)))


def read_signing_key(
    path: Path, passphrase: str | None
) -> tuple[SigningKey | None, tuple[Problem, ...]]:
    """Return the private key of a PEM file, as ``openssl genpkey`` writes it.

    None with a problem: E655 the package cryptography is missing, E656 the file cannot be read, is
    no such key, or is opened by another passphrase. Raise PassphraseNeededError if it is encrypted
    and ``passphrase`` is None.
    """
    location = Location(file=str(path))
    try:
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ImportError:
        return None, (make_problem("E655"),)
    try:
        content = path.read_bytes()
        is_encrypted = b"ENCRYPTED" in content
        if is_encrypted and passphrase is None:
            raise PassphraseNeededError
        password = (passphrase or "").encode() if is_encrypted else None
        key: Any = load_pem_private_key(content, password)
        _scheme(key)
        pem, fingerprint = _public_form(key.public_key())
    except (OSError, ValueError, TypeError, _unsupported()) as error:
        reason = os_reason(error) if isinstance(error, OSError) else str(error)[:200]
        return None, (make_problem("E656", location, reason=reason or type(error).__name__),)
    return SigningKey(key, pem, fingerprint), ()


def verify_signature(public_pem: bytes, signature: bytes, message: bytes) -> str:
    """Return the fingerprint of the key that signed a message: SHA-256 of the key in DER.

    Raise InvalidSignatureError if it did not, or is no such key; ImportError without the package
    cryptography.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key: Any = load_pem_public_key(public_pem)
        scheme = _scheme(key)
        pem, fingerprint = _public_form(key)
        if pem != public_pem:
            raise InvalidSignatureError("key.pem")
        key.verify(signature, message, *scheme)
    except InvalidSignature as error:
        raise InvalidSignatureError("signature") from error
    except (ValueError, TypeError, _unsupported()) as error:
        raise InvalidSignatureError(str(error)[:200] or type(error).__name__) from error
    return fingerprint


def _scheme(key: Any) -> tuple[Any, ...]:
    """Return the arguments of signing and verifying with a key, private or public.

    Raise ValueError for a key that is neither Ed25519 nor RSA of MIN_RSA_BITS or more.
    """
    from cryptography.hazmat.primitives.asymmetric import ed25519, padding, rsa
    from cryptography.hazmat.primitives.hashes import SHA256

    if isinstance(key, ed25519.Ed25519PrivateKey | ed25519.Ed25519PublicKey):
        return ()
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey) and key.key_size >= MIN_RSA_BITS:
        return padding.PKCS1v15(), SHA256()
    raise ValueError(f"neither Ed25519 nor RSA of at least {MIN_RSA_BITS} bits")


def _public_form(key: Any) -> tuple[bytes, str]:
    """Return a public key as PEM, as OpenSSL reads it, and the SHA-256 of its DER."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    form = PublicFormat.SubjectPublicKeyInfo
    pem = bytes(key.public_bytes(Encoding.PEM, form))
    return pem, sha256(bytes(key.public_bytes(Encoding.DER, form)))


def _unsupported() -> type[Exception]:
    """Return the exception of the package cryptography for algorithms that it lacks."""
    from cryptography.exceptions import UnsupportedAlgorithm

    return UnsupportedAlgorithm
