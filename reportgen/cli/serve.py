"""``reportgen serve``: start the server, print its link, open the browser."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.cli import output
from reportgen.cli.cli_translations import translate
from reportgen.cli.username import current_username
from reportgen.problems import ExitCode, Location, make_problem

if TYPE_CHECKING:
    from reportgen.cli.command_options import CommandOptions
    from reportgen.cli.command_schema import ServeReport
    from reportgen.problems import Problem
    from reportgen.problems.problem import Language
    from reportgen.web.server import RunningServer


def serve(
    options: CommandOptions,
    language: Language,
    workbook: Path | None,
    font_folders: tuple[Path, ...],
) -> ExitCode:
    """Serve until Ctrl-C and return the exit code.

    E311 is printed if the address cannot be used, E320 if the state's folder cannot. The start link
    goes to standard output, all else to standard error. REPORTGEN_PASSWORD is the password by which
    others sign in.
    """
    from reportgen.web.public_url import LOOPBACK_NETWORKS
    from reportgen.web.security import is_loopback
    from reportgen.web.server import ServerOptions
    from reportgen.web.server import serve as run
    from reportgen.web.state_store import StateError

    def started(running: RunningServer) -> None:
        """Print the link of the server once it runs."""
        _print_start_link(running, options, language)

    server_options = ServerOptions(
        host=options.host,
        port=options.port,
        password=os.environ.get("REPORTGEN_PASSWORD", ""),
        public=options.public_url,
        proxies=(options.proxy,) if options.proxy else LOOPBACK_NETWORKS,
        workbook=workbook and workbook.absolute(),
        templates=options.templates and options.templates.absolute(),
        archive=options.archive.absolute(),
        state=options.state and options.state.absolute(),
        working_folder=Path.cwd(),
        font_folders=font_folders,
        user=current_username(),
        user_header=options.user_header,
        archivists=frozenset(options.archivists),
        approvers=frozenset(options.approvers),
        audit_log=options.audit_log and options.audit_log.absolute(),
        language=language,
    )
    if options.audit_log is not None:
        try:
            options.audit_log.open("a").close()
        except OSError as error:
            reason = error.strerror or type(error).__name__
            location = Location(file=str(options.audit_log))
            problem = make_problem("E304", location, found=options.audit_log.parent, reason=reason)
            print(problem.line(language), file=sys.stderr)
            return ExitCode.FILE
    if not is_loopback(options.host):
        print(translate("open to all", language, host=options.host), file=sys.stderr)
    try:
        run(server_options, started)
    except StateError as error:
        problem = make_problem("E320", found=options.state, reason=error.strerror)
        print(problem.line(language), file=sys.stderr)
        return ExitCode.FILE
    except OSError as error:
        reason = error.strerror or str(error)
        problem = make_problem("E311", found=f"{options.host}:{options.port}", reason=reason)
        report_refusal((problem,), options, language)
        return ExitCode.FILE
    if not options.quiet:
        key, folder = ("state kept", options.state) if options.state else ("served", "")
        print(f"\n{translate(key, language, folder=folder)}", file=sys.stderr)
    return ExitCode.DONE


def report_refusal(
    problems: tuple[Problem, ...], options: CommandOptions, language: Language
) -> None:
    """Print why the server cannot run to standard error, or as JSON to standard output."""
    if options.json:
        report: ServeReport = {
            "schema": "reportgen.serve/1",
            "link": None,
            "address": None,
            "problems": output.problems_as_json(problems, language),
        }
        output.print_json(report)
        return
    for problem in problems:
        print(problem.line(language), file=sys.stderr)


def _print_start_link(running: RunningServer, options: CommandOptions, language: Language) -> None:
    """Print the link and the password, if any, and open a browser unless ``--no-browser``.

    The link goes to standard output, as JSON if requested, all else to standard error.
    """
    if not options.quiet:
        print(translate("serving", language), file=sys.stderr)
    if options.json:
        report: ServeReport = {
            "schema": "reportgen.serve/1",
            "link": running.link,
            "address": running.addresses[0],
            "problems": [],
        }
        output.print_json(report)
        sys.stdout.flush()
    else:
        print(running.link, flush=True)
    if running.password:
        print(
            translate(
                "password",
                language,
                address=translate("or", language).join(running.addresses),
                password=running.password,
            ),
            file=sys.stderr,
            flush=True,
        )
    if options.browser:
        import webbrowser

        webbrowser.open(running.link)
