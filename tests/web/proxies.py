"""Reverse proxies with TLS before a server, configured as docs/operate.md says."""

from __future__ import annotations

import datetime
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.conftest import ROOT
from tests.web.server import until

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

NGINX_FRAME = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{server}
}}
"""
NAMES_USERS = """auth_basic "office";
        auth_basic_user_file {folder}/users;
        """
CADDY_FRAME = """
{{
    admin off
    auto_https disable_redirects
    default_bind 127.0.0.1
    storage file_system {folder}
}}
{server}
"""


def certificate(folder: Path) -> None:
    """Write a certificate for localhost, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "plan.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "plan.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


@dataclass(frozen=True)
class ProxyProgram:
    """A reverse proxy: its configuration in docs/operate.md, and how it is started."""

    name: str
    frame: str  # around that configuration
    listening: tuple[str, str]  # as documented, and with the test's port
    arguments: tuple[str, ...]

    @property
    def path(self) -> str | None:
        """Where the program is."""
        return shutil.which(self.name) or shutil.which(self.name, path="/usr/sbin")

    def configuration(self, folder: Path, front: int, back: int) -> str:
        """Return the configuration in docs/operate.md, with the test's ports and files."""
        documented = (ROOT / "docs/operate.md").read_text("utf-8")
        server = documented.partition(f"```{self.name}\n")[2].partition("```")[0]
        for old, new in (
            (self.listening[0], self.listening[1].format(port=front)),
            ("127.0.0.1:8000", f"127.0.0.1:{back}"),
            ("/etc/ssl/certs/", f"{folder}/"),
            ("/etc/ssl/private/", f"{folder}/"),
        ):
            assert old in server
            server = server.replace(old, new)
        return self.frame.format(folder=folder, server=server)


NGINX = ProxyProgram(
    "nginx",
    NGINX_FRAME,
    ("listen 443 ssl", "listen 127.0.0.1:{port} ssl"),
    ("-c", "{folder}/nginx.conf", "-e", "{folder}/error.log", "-g", "user root;"),
)
CADDY = ProxyProgram(
    "caddy",
    CADDY_FRAME,
    ("plan.example.gov.tw", "https://localhost:{port}"),
    ("run", "--adapter", "caddyfile", "--config", "{folder}/caddy.conf"),
)


def naming_users(configuration: str, folder: Path, users: Mapping[str, str]) -> str:
    """Return a configuration of nginx that asks who somebody is and names them to the server.

    ``users`` has the password of each name; the header is set as docs/operate.md says.
    """
    lines = (f"{name}:{{PLAIN}}{password}\n" for name, password in users.items())
    (folder / "users").write_text("".join(lines), "utf-8")
    header = "proxy_set_header X-Remote-User $remote_user;"
    assert f"`{header}`" in (ROOT / "docs/operate.md").read_text("utf-8")
    begin = "proxy_set_header Host $host;"
    assert begin in configuration
    return configuration.replace(begin, f"{NAMES_USERS.format(folder=folder)}{header}\n{begin}")


@contextmanager
def in_front(
    program: ProxyProgram,
    folder: Path,
    front: int,
    back: int,
    users: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a reverse proxy with TLS at port ``front`` for a server at port ``back``.

    With ``users`` (names and their passwords), nginx asks for them and names who comes.
    """
    folder.chmod(0o755)
    certificate(folder)
    configuration = program.configuration(folder, front, back)
    if users:
        configuration = naming_users(configuration, folder, users)
    (folder / f"{program.name}.conf").write_text(configuration, "utf-8")
    arguments = [argument.format(folder=folder) for argument in program.arguments]
    with (folder / "stderr.txt").open("wb") as errors:
        process = subprocess.Popen(
            [str(program.path), *arguments],
            stderr=errors,
            env={**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
        )

    def answers() -> bool:
        assert process.poll() is None, (folder / "stderr.txt").read_text()
        with socket.socket() as door:
            return door.connect_ex(("127.0.0.1", front)) == 0

    try:
        assert until(answers)
        yield
    finally:
        process.terminate()
        process.wait(20)
