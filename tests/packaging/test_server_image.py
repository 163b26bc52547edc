"""The image of the server, built by packaging/container/build and run by buildah."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pytest
from assembly.program_files import project

from tests.conftest import ROOT
from tests.factories.workbooks import sample_bytes
from tests.web.client import Client, signed_in
from tests.web.server import Server, free_port, until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

IMAGE = f"localhost/reportgen-server:{project()['version']}"
PASSWORD = "a long password"
ANYBODY = 65532
RUN_S = 120


def buildah(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run buildah, whatever its exit code."""
    return subprocess.run(
        ["buildah", *arguments], capture_output=True, text=True, check=False, timeout=RUN_S
    )


def is_built() -> bool:
    """Return whether the image is there; looked up only when a bundle's tests are run."""
    return bool(shutil.which("buildah")) and buildah("inspect", IMAGE).returncode == 0


@pytest.fixture(scope="module", name="settings")
def fixture_settings() -> dict[str, Any]:
    """The image's settings, as Docker reads them."""
    if not is_built():
        pytest.skip("there is no image: make image")
    inspected = json.loads(buildah("inspect", "--type", "image", IMAGE).stdout)
    settings: dict[str, Any] = inspected["Docker"]["config"]
    return settings


class Container:
    """A container of the image, whose volumes are folders here."""

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder, self.settings = folder, settings
        self.port = free_port()
        done = buildah("from", IMAGE)
        assert done.returncode == 0, done.stderr
        self.name = done.stdout.strip()
        self.options = ["--isolation", "chroot", "--env", f"REPORTGEN_PASSWORD={PASSWORD}"]
        for volume in settings["Volumes"]:
            # Buildah mounts one of its own there too, before or after ours; a runtime does not.
            buildah("config", "--volume", f"{volume}-", self.name)
            (folder / volume.strip("/")).mkdir()
            os.chown(folder / volume.strip("/"), ANYBODY, ANYBODY)
            self.options += ["--volume", f"{folder}{volume}:{volume}"]

    def command(self, *words: str) -> list[str]:
        """Return what runs a command in the container."""
        return ["buildah", "run", *self.options, self.name, "--", *words]

    def is_healthy(self) -> bool:
        """Return what the health check of the image finds."""
        kind, *words = self.settings["Healthcheck"]["Test"]
        assert kind == "CMD"  # there is no shell
        here = [word.replace(":8000/", f":{self.port}/") for word in words]
        assert here != words
        done = subprocess.run(self.command(*here), capture_output=True, check=False, timeout=RUN_S)
        return done.returncode == 0

    @contextmanager
    def server(self) -> Iterator[Server]:
        """Run the image's command at a free port; end it as a runtime does."""
        log = self.folder / "stderr.txt"
        with log.open("ab") as errors:
            process = subprocess.Popen(
                self.command(*self.settings["Entrypoint"], "--port", str(self.port)),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
            )
        assert process.stdout is not None
        try:
            link = process.stdout.readline().strip()
            assert re.fullmatch(rf"http://127\.0\.0\.1:{self.port}/start/.+", link), log.read_text()
            archive, temporary = self.folder / "archive", self.folder
            yield Server(process, "", link, self.port, temporary, archive, log, PASSWORD)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(RUN_S)
            process.stdout.close()


@pytest.fixture(name="container")
def fixture_container(tmp_path: Path, settings: dict[str, Any]) -> Iterator[Container]:
    """A container, removed afterwards."""
    container = Container(tmp_path, settings)
    yield container
    buildah("rm", container.name)


@pytest.mark.bundle
def test_it_says_what_a_runtime_must_know(settings: dict[str, Any]) -> None:
    assert settings["User"] == f"{ANYBODY}:{ANYBODY}"
    assert settings["Volumes"].keys() == {"/state", "/archive", "/log"}
    assert settings["ExposedPorts"].keys() == {"8000/tcp"}
    assert "serve" in settings["Entrypoint"]


@pytest.mark.bundle
def test_a_workbook_outlives_the_container(container: Container) -> None:
    with container.server() as server:
        assert container.is_healthy()
        client = signed_in(server)
        state = client.made(sample_bytes())
        assert state["stage"] == "ready", state["problems"]
        everything = client.get(f"/api/items/{state['id']}/all.zip").content
        told = {"item": state["id"], "reprint": False}
        assert client.post("/api/archive", told).json()["new"]
    assert not container.is_healthy()
    with container.server() as server:
        again = Client(server, client.cookie, client.csrf)
        assert again.get(f"/api/items/{state['id']}/all.zip").content == everything
        assert len(again.get("/api/archive").json()["editions"]) == 1
    assert until(lambda: (container.folder / "log/audit.jsonl").stat().st_size > 0)
    owners = {path.stat().st_uid for path in (container.folder / "state").rglob("*")}
    assert owners == {ANYBODY}
    assert "Traceback" not in server.said(), server.said()


def test_its_options_exist() -> None:
    """Wherever nothing is built, too."""
    from reportgen.cli.argument_parser import parse

    recipe = (ROOT / "packaging/container/Containerfile").read_text("utf-8")
    command = json.loads(re.findall(r"^ENTRYPOINT (\[.*\])$", recipe, re.MULTILINE)[-1])
    options = parse(command[command.index("serve") :], "en")
    assert (options.host, options.port, options.browser) == ("0.0.0.0", 8000, False)
    assert None not in (options.state, options.audit_log)
