"""``reportgen serve``: the life cycle of the server."""

from __future__ import annotations

import secrets
import socket
import threading
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reportgen.processes.scratch_folders import scratch_folder
from reportgen.processes.signals import terminating_signals
from reportgen.web.app import create_app
from reportgen.web.audit_log import AuditLog
from reportgen.web.http_limits import RequestLimits, make_server, open_listener
from reportgen.web.job_manager import JobManager
from reportgen.web.preview_watcher import PreviewWatcher
from reportgen.web.public_url import LOOPBACK_NETWORKS, ProxyHeaders
from reportgen.web.review_links import ReviewLinks
from reportgen.web.routes.app_context import AppContext
from reportgen.web.routes.http_messages import MAX_UPLOAD_BYTES
from reportgen.web.security import RequestGuard, is_loopback
from reportgen.web.sessions import Sessions
from reportgen.web.state_store import open_state
from reportgen.web.worker_tasks import WorkerConfig

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from reportgen.problems.problem import Language
    from reportgen.web.public_url import PublicUrl
    from reportgen.web.state_store import StateStore

SCRATCH_PREFIX: Final = "reportgen-serve-"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerOptions:
    """The options of a server."""

    host: str = "127.0.0.1"
    port: int = 0  # 0: any free port
    password: str = ""  # one is made if others can connect
    public: PublicUrl | None = None  # of the reverse proxy before this server
    proxies: tuple[str, ...] = LOOPBACK_NETWORKS  # whose headers are believed, with a public URL
    workbook: Path | None = None  # to preview live
    templates: Path | None = None
    archive: Path
    state: Path | None = None  # where sessions and items outlive the server
    working_folder: Path
    font_folders: tuple[Path, ...]
    user: str
    user_header: str = ""  # in which a trusted proxy names the user
    archivists: frozenset[str] = frozenset()  # who may archive; empty: everybody
    approvers: frozenset[str] = frozenset()  # who may approve; empty: who may archive
    audit_log: Path | None = None
    language: Language
    upload_seconds: float = 120.0  # for a request to arrive


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningServer:
    """A running server."""

    link: str  # URL that starts the owner's session
    addresses: tuple[str, ...]  # for others, the best first
    password: str  # "" if nobody else may sign in


def serve(options: ServerOptions, started: Callable[[RunningServer], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    ``started`` is called once the server answers. All its files are removed when this returns,
    except for those of the state and what was archived. Raise OSError if the address is not
    available, StateError or another OSError if the state's folder cannot be used.
    """
    with (
        scratch_folder(SCRATCH_PREFIX) as folder,
        open_state(options.state) if options.state else nullcontext() as store,
        open_listener(options.host, options.port or _former_port(options.host, store)) as listener,
    ):
        port = listener.getsockname()[1]
        config = WorkerConfig(
            templates=options.templates,
            working_folder=options.working_folder,
            font_folders=options.font_folders,
            pdfs=folder,
        )
        public = options.public
        is_open_to_others = public is not None or not is_loopback(options.host)
        needs_password = is_open_to_others and not options.user_header
        password = options.password or (secrets.token_urlsafe(9) if needs_password else "")
        manager = JobManager(config, folder, store)
        known = store.load_sessions() if store else ()
        sessions = Sessions(
            store.sessions_folder if store else folder,
            password,
            token=store.token if store else "",
            known=known,
            save=store.save_session if store else lambda session: None,
            end=manager.end,
        )
        if store:
            store.save_server(sessions.token, port)
        manager.resume(known)
        closing = threading.Event()
        live = (
            PreviewWatcher(options.workbook, folder / "live", config, manager)
            if options.workbook
            else None
        )
        context = AppContext(
            job_manager=manager,
            sessions=sessions,
            guard=RequestGuard(options.host, port, public),
            archive=options.archive,
            user=options.user,
            language=options.language,
            cookie="__Secure-reportgen" if public and public.is_secure else f"reportgen-{port}",
            is_secure=public is not None and public.is_secure,
            user_header=options.user_header,
            archivists=options.archivists,
            approvers=options.approvers,
            audit_log=AuditLog(options.audit_log),
            reviews=ReviewLinks(
                item
                for session in known
                for item in (*session.items.values(), *session.removed.values())
            ),
            closing=closing,
            live=live,
        )
        front = ProxyHeaders(
            create_app(context), options.proxies if public else (), options.user_header
        )
        limits = RequestLimits(
            max_bytes=MAX_UPLOAD_BYTES,
            arrival_s=options.upload_seconds,
            cookie=context.cookie,
            is_known=lambda cookie: sessions.find(cookie) is not None,
            is_proxy=front.is_trusted,
        )
        server = make_server(front, listener, limits, public)
        try:
            if live is not None:
                live.start()
            address = public.address if public else f"http://{_browser_host(options.host)}:{port}/"
            running = RunningServer(
                link=f"{address}start/{sessions.token}",
                addresses=(address,) if public else _addresses(options.host, port),
                password=password,
            )
            with suppress(KeyboardInterrupt), terminating_signals(lambda number: closing.set()):
                started(running)
                server.run()
        finally:
            server.close()
            if live is not None:
                live.close()
            manager.close()


def _former_port(host: str, store: StateStore | None) -> int:
    """Return the port that a state was served at, so that links lead there; 0 if it is taken."""
    if store is None or not store.port:
        return 0
    with suppress(OSError), open_listener(host, store.port):
        return store.port
    return 0


def _addresses(host: str, port: int) -> tuple[str, ...]:
    """Return the URLs under which a server that listens at ``host`` is reached, the best first.

    For all interfaces, those are the machine's name and its address in the network.
    """
    if host not in ("0.0.0.0", "::"):
        return (f"http://{_browser_host(host)}:{port}/",)
    family = socket.AF_INET if host == "0.0.0.0" else socket.AF_INET6
    names = [socket.getfqdn()]
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as route:
        # Chooses the interface of the default route; a datagram socket sends nothing by this.
        route.connect(("192.0.2.1" if family is socket.AF_INET else "2001:db8::1", 9))
        names.append(route.getsockname()[0])
    useful = [
        name for name in dict.fromkeys(names) if not is_loopback(name) and "localhost" not in name
    ]
    return tuple(f"http://{_browser_host(name)}:{port}/" for name in useful or [host])


def _browser_host(host: str) -> str:
    """Return the host for a URL on this machine: a loopback address for all interfaces.

    IPv6 addresses are put into brackets.
    """
    if host in ("0.0.0.0", "::"):
        return "127.0.0.1" if host == "0.0.0.0" else "[::1]"
    return f"[{host}]" if ":" in host else host


__all__ = ["RunningServer", "ServerOptions", "serve"]
