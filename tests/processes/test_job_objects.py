"""Windows' job objects: the structures as Windows lays them out, and the calls in their order."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, Any

import pytest

from reportgen.processes import external_program, job_objects, resource_limits, sandbox
from reportgen.processes.resource_limits import Limits
from reportgen.processes.sandbox import SandboxedCall, StartMethod

if TYPE_CHECKING:
    from collections.abc import Iterator

ACCESS_DENIED, INVALID_PARAMETER = 5, 87


class FakeKernel:
    """kernel32 as far as it is called: it notes the calls, and refuses those it is asked to."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []
        self.refused: dict[str, int] = {}  # function → error number
        self.limits: list[tuple[int, int]] = []  # flags and bytes
        self.has_ended = False

    def __getattr__(self, name: str) -> Any:
        def function(*arguments: Any) -> int:
            self.calls.append((name, *arguments))
            if name == "SetInformationJobObject":
                given = arguments[2]._obj
                self.limits.append((given.basic.flags, given.process_memory))
                assert arguments[3] == ctypes.sizeof(given)
            if name == "K32GetProcessMemoryInfo":
                arguments[1]._obj.committed = 30_000_000
            if name == "WaitForSingleObject":
                return 0 if self.has_ended else 258
            return (
                0
                if name in self.refused
                else {"CreateJobObjectW": 7, "OpenProcess": 8}.get(name, 1)
            )

        return function

    def names(self) -> list[str]:
        return [name for name, *_ in self.calls]


@pytest.fixture(name="kernel")
def fixture_kernel(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeKernel]:
    kernel = FakeKernel()
    monkeypatch.setattr(job_objects, "_kernel", lambda: kernel)
    monkeypatch.setattr(job_objects, "IS_SUPPORTED", True)
    monkeypatch.setattr(job_objects, "_last_error", lambda: max(kernel.refused.values(), default=0))
    job_objects._own_job.cache_clear()
    yield kernel
    job_objects._own_job.cache_clear()


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes of a 64-bit system")
def test_the_structures_have_the_sizes_of_the_windows_headers() -> None:
    assert ctypes.sizeof(job_objects._BasicLimits) == 64
    assert ctypes.sizeof(job_objects._ExtendedLimits) == 144
    assert ctypes.sizeof(job_objects._MemoryCounters) == 72
    assert job_objects._ExtendedLimits.process_memory.offset == 112


def test_a_process_in_a_job_ends_with_it(kernel: FakeKernel) -> None:
    job = job_objects.contain(42)
    assert job is not None
    assert kernel.limits == [(0x2000, 0)]  # it is killed when the last handle is closed
    assert ("AssignProcessToJobObject", 7, 42) in kernel.calls
    job.close()
    job.close()
    assert kernel.names()[-2:] == ["TerminateJobObject", "CloseHandle"]
    assert kernel.names().count("CloseHandle") == 1


@pytest.mark.parametrize("function", ["CreateJobObjectW", "AssignProcessToJobObject"])
def test_a_process_that_cannot_be_contained_runs_without(kernel: FakeKernel, function: str) -> None:
    kernel.refused[function] = ACCESS_DENIED
    assert job_objects.contain(42) is None
    assert kernel.names().count("CloseHandle") == (function != "CreateJobObjectW")


def test_elsewhere_there_are_no_jobs() -> None:
    assert job_objects.contain(42) is None


def test_a_child_bounds_its_own_memory_by_a_job(kernel: FakeKernel) -> None:
    resource_limits.limit_address_space(1_000_000_000, permanently=True)
    resource_limits.limit_address_space(2_000_000_000, permanently=True)
    assert kernel.names().count("CreateJobObjectW") == 1
    assert kernel.limits[-2:] == [(0x100, 1_030_000_000), (0x100, 2_030_000_000)]


def test_a_system_that_refuses_the_bound_does_not_fail_the_call(kernel: FakeKernel) -> None:
    kernel.refused["SetInformationJobObject"] = ACCESS_DENIED
    resource_limits.limit_address_space(1_000_000_000, permanently=True)
    assert "SetInformationJobObject" in kernel.names()


@pytest.mark.parametrize(
    ("refused", "has_ended", "expected"),
    [
        ({}, False, False),
        ({}, True, True),
        ({"OpenProcess": INVALID_PARAMETER}, False, True),
        ({"OpenProcess": ACCESS_DENIED}, False, False),
    ],
)
def test_whether_a_process_has_ended(
    kernel: FakeKernel, refused: dict[str, int], has_ended: bool, expected: bool
) -> None:
    kernel.refused, kernel.has_ended = refused, has_ended
    assert job_objects.process_has_ended(42) is expected
    assert ("CloseHandle", 8) in kernel.calls or refused


def test_a_spawned_child_is_in_a_job_until_it_has_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events: list[str] = []

    class Job:
        def close(self) -> None:
            events.append("closed")

    def contained(process: object) -> Job:
        events.append("contained")
        return Job()

    monkeypatch.setattr(sandbox, "contain_program", contained)
    limits = Limits(seconds=20, memory=1_000_000_000)
    call = SandboxedCall(limits, int, "7", start_method=StartMethod.SPAWN)
    assert events == ["contained"]
    assert call.result() == 7
    assert events == ["contained", "closed"]


def test_a_program_is_killed_by_its_job_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[str] = []

    class Job:
        def close(self) -> None:
            events.append("closed")

    class Process:
        pid = 42

        def wait(self) -> None:
            events.append("waited")

    monkeypatch.setattr(external_program, "kill_group", lambda pid: events.append("group"))
    external_program.kill_tree(Process(), Job())  # type: ignore[arg-type]
    external_program.kill_tree(Process(), None)  # type: ignore[arg-type]
    assert events == ["closed", "waited", "group", "waited"]
