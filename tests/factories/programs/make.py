"""Make the corpus again: ``python -m tests.factories.programs.make TOOLS [NAME…]``.

TOOLS is a folder with the programs, set up as README.md says. Without a NAME every file is made;
otherwise those whose names begin so. No test needs this: the files are committed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from tests.factories.programs.books import main as write_books

HERE: Final = Path(__file__).parent
FILES: Final = HERE / "files"


def manifest() -> list[dict[str, Any]]:
    """Return what is known of each file, in the order in which they are made."""
    found: list[dict[str, Any]] = json.loads((HERE / "manifest.json").read_text("utf-8"))
    return found


def main(tools: Path, *names: str) -> None:
    """Run the script of each file that is asked for."""
    FILES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        write_books(Path(folder))
        for entry in manifest():
            if names and not entry["file"].startswith(names):
                continue
            source = Path(folder, entry["from"] + ".json")
            source = source if source.is_file() else FILES / entry["from"]
            target = FILES / entry["file"]
            command = [*_runner(tools, HERE / entry["script"]), str(source), str(target)]
            environment = os.environ | {"NODE_PATH": str(tools / "npm" / "node_modules")}
            done = subprocess.run(
                command + entry["arguments"],
                cwd=tools / "go",
                env=environment,
                capture_output=True,
                check=False,
            )
            size = target.stat().st_size if target.is_file() else 0
            print(f"{size:>8,} {entry['file']}")
            if done.returncode:
                raise SystemExit(done.stderr.decode())


def _runner(tools: Path, script: Path) -> list[str]:
    runners = {
        ".py": [str(tools / "venv" / "bin" / "python")],
        ".cjs": ["node"],
        ".go": ["go", "run"],
        ".java": ["java", "-cp", str(tools / "mvn" / "lib" / "*")],
    }
    return [*runners[script.suffix], str(script)]


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), *sys.argv[2:])
