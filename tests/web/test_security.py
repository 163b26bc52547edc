"""Who is let in: names, origins, tokens, passwords."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from reportgen.web.security import RequestGuard, check_token, is_loopback
from reportgen.web.sessions import (
    IDLE_S,
    IDLE_WITH_ITEMS_S,
    MAX_PASSWORD_TRIES,
    MAX_SESSION_ITEMS,
    MAX_SESSIONS,
    SPARE_S,
    Session,
    Sessions,
    client_network,
)
from reportgen.web.upload_jobs import JobKind, UploadJob
from reportgen.web.web_translations import ERROR_TRANSLATIONS, HttpError

if TYPE_CHECKING:
    from pathlib import Path

PORT = 8123
ADDRESS = "192.0.2.7"


@pytest.mark.parametrize(
    ("bound", "host", "is_ours"),
    [
        ("127.0.0.1", "127.0.0.1:8123", True),
        ("127.0.0.1", "localhost:8123", True),
        ("127.0.0.1", "LOCALHOST:8123", True),
        ("127.0.0.1", "[::1]:8123", True),
        ("127.0.0.1", "127.0.0.1", False),
        ("127.0.0.1", "127.0.0.1:80", False),
        ("127.0.0.1", "evil.example:8123", False),
        ("127.0.0.1", "localhost.evil.example:8123", False),
        ("127.0.0.1", "192.168.1.9:8123", False),
        ("127.0.0.1", "localhost:8123@evil.example:8123", False),
        ("127.0.0.1", "localhost:8123/evil", False),
        ("127.0.0.1", "localhost:eight", False),
        ("127.0.0.1", "", False),
        ("0.0.0.0", "192.168.1.9:8123", True),
        ("0.0.0.0", "evil.example:8123", False),
        ("plan.gov.tw", "plan.gov.tw:8123", True),
        ("plan.gov.tw", "evil.example:8123", False),
    ],
)
def test_only_names_of_this_server_are_answered(bound: str, host: str, *, is_ours: bool) -> None:
    guard = RequestGuard(bound, PORT)
    if is_ours:
        guard.check_host(host)
    else:
        with pytest.raises(HttpError, match="foreign"):
            guard.check_host(host)


HERE = "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    ("method", "headers", "is_ours"),
    [
        ("POST", {"Origin": HERE}, True),
        ("POST", {}, True),
        ("POST", {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}, True),
        ("GET", {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"}, True),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, True),
        ("POST", {"Origin": "null"}, False),
        ("POST", {"Origin": "http://evil.example"}, False),
        ("POST", {"Origin": "http://127.0.0.1:9999"}, False),
        ("POST", {"Origin": "https://127.0.0.1:8123"}, False),
        ("POST", {"Origin": "http://localhost:8123"}, False),
        ("POST", {"Origin": "http://["}, False),
        ("POST", {"Sec-Fetch-Site": "cross-site"}, False),
        ("POST", {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"}, False),
        ("GET", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, False),
        ("GET", {"Origin": "http://evil.example"}, False),
    ],
)
def test_what_another_site_sends_is_refused(
    method: str, headers: dict[str, str], *, is_ours: bool
) -> None:
    guard = RequestGuard("127.0.0.1", PORT)
    given = {"Host": "127.0.0.1:8123", **headers}
    if is_ours:
        guard.check_same_site(method, given)
    else:
        with pytest.raises(HttpError, match="foreign"):
            guard.check_same_site(method, given)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("192.168.1.9", False),
        ("plan.gov.tw", False),
    ],
)
def test_loopback_is_this_machine_alone(host: str, *, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_a_session_needs_the_link_or_the_password(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path, "correct horse")
    owner = sessions.start(sessions.token)
    guest = sessions.sign_in("correct horse", ADDRESS)
    assert (owner.is_owner, guest.is_owner) == (True, False)
    assert sessions.find(owner.id) is owner
    assert sessions.find(guest.id) is guest
    for wrong in ("", "x", sessions.token[:-1], sessions.token + "x", "密"):
        with pytest.raises(HttpError, match="closed"):
            sessions.start(wrong)
        assert sessions.find(wrong) is None
    check_token(owner, owner.csrf)
    for wrong in ("", guest.csrf, owner.id, "é"):
        with pytest.raises(HttpError, match="stale page"):
            check_token(owner, wrong)


def test_the_start_link_leads_to_one_session(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path, "secret")
    assert sessions.start(sessions.token) is sessions.start(sessions.token)


def test_a_name_has_one_session_also_to_many_at_once(tmp_path: Path) -> None:
    saved: list[Session] = []

    def save(session: Session) -> None:
        time.sleep(0.01)  # as a disk would
        saved.append(session)

    sessions = Sessions(tmp_path, save=save)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: sessions.of_user("wang"), range(8))]
    assert len(set(map(id, found))) == len(saved) == 1
    assert sessions.of_user("lee") is not found[0]


def test_passwords_cannot_be_guessed_at_speed(tmp_path: Path) -> None:
    now = 1000.0
    sessions = Sessions(tmp_path, "secret", clock=lambda: now)
    for _ in range(MAX_PASSWORD_TRIES):
        with pytest.raises(HttpError, match="wrong password"):
            sessions.sign_in("guess", "2001:db8::1")
    for address in ("2001:db8::1", "2001:db8::2"):  # one client has many of these
        with pytest.raises(HttpError, match="too many tries") as refused:
            sessions.sign_in("secret", address)
    assert refused.value.fields["seconds"] == 60
    assert refused.value.fields["address"] == "2001:db8::/64"
    now += 59.5
    with pytest.raises(HttpError, match="too many tries") as refused:
        sessions.sign_in("secret", "2001:db8::1")
    assert refused.value.fields["seconds"] == 1
    now -= 59.5
    for address in (ADDRESS, "2001:db8:0:1::1"):
        assert not sessions.sign_in("secret", address).is_owner
    now += 61
    assert not sessions.sign_in("secret", "2001:db8::1").is_owner


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::/64"),
        ("", ""),
    ],
)
def test_a_client_is_an_address_or_a_network(address: str, network: str) -> None:
    assert client_network(address) == network


def test_without_a_password_nobody_signs_in(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path)
    assert not sessions.has_password
    with pytest.raises(HttpError, match="wrong password"):
        sessions.sign_in("", ADDRESS)


def item(folder: Path) -> UploadJob:
    return UploadJob(
        id="a", kind=JobKind.WORKBOOK, name="a.xlsx", folder=folder, workbook=folder / "a.xlsx"
    )


def test_who_has_work_is_never_removed_for_another(tmp_path: Path) -> None:
    now = 1000.0
    ended: list[Session] = []
    sessions = Sessions(tmp_path, "secret", clock=lambda: now, end=ended.append)
    made = [sessions.sign_in("secret", ADDRESS) for _ in range(MAX_SESSIONS)]
    for session in made[1:]:
        session.add(item(tmp_path))
    now += SPARE_S - 1
    with pytest.raises(HttpError, match="too many sessions"):
        sessions.sign_in("secret", ADDRESS)
    assert ended == []
    assert sessions.start(sessions.token).is_owner  # the owner always has room
    now += 2
    sessions.sign_in("secret", ADDRESS)  # the one without work makes room
    assert ended == [made[0]]
    now += SPARE_S + 1
    sessions.sign_in("secret", ADDRESS)
    with pytest.raises(HttpError, match="too many sessions"):
        sessions.sign_in("secret", ADDRESS)
    assert all(sessions.find(session.id) for session in made[1:])


@pytest.mark.parametrize(("has_item", "idle_s"), [(False, IDLE_S), (True, IDLE_WITH_ITEMS_S)])
def test_a_session_ends_when_it_was_idle_for_too_long(
    tmp_path: Path, idle_s: float, *, has_item: bool
) -> None:
    now = 1000.0
    ended: list[Session] = []
    sessions = Sessions(tmp_path, "secret", clock=lambda: now, end=ended.append)
    owner, guest = sessions.start(sessions.token), sessions.sign_in("secret", ADDRESS)
    if has_item:
        guest.add(item(tmp_path))
    now += idle_s - 1
    assert sessions.find(guest.id) is guest
    now += idle_s + 1
    assert sessions.find(guest.id) is None
    assert sessions.find(owner.id) is owner
    sessions.sign_in("secret", ADDRESS)
    assert ended == [guest]


def test_signing_out_ends_the_cookie(tmp_path: Path) -> None:
    ended: list[Session] = []
    sessions = Sessions(tmp_path, "secret", end=ended.append)
    owner, guest = sessions.start(sessions.token), sessions.sign_in("secret", ADDRESS)
    cookies = owner.id, guest.id
    sessions.sign_out(owner)
    sessions.sign_out(guest)
    assert [sessions.find(cookie) for cookie in cookies] == [None, None]
    assert ended == [guest]
    assert sessions.start(sessions.token) is owner


def test_every_refusal_has_its_words_in_both_languages() -> None:
    fields = {
        "limit": MAX_SESSION_ITEMS,
        "seconds": 8,
        "reason": "無法",
        "reason_en": "cannot",
        "user": "wang",
    }
    for code, (status, chinese, english) in ERROR_TRANSLATIONS.items():
        told = HttpError(code, **fields)
        assert 400 <= status == told.status
        assert chinese.isascii() is False
        assert english.isascii()
        assert "{" not in f"{told.as_json()['error']}"[1:-1]
