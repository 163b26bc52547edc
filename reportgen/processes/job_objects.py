"""Job objects of Windows: processes that end together, and the memory that each may use.

Windows has neither process groups nor limits of resources, and a child outlives its parent. A job
does all three: it ends when its last handle is closed, thus with the process that made it, however
that ends, and takes with it whatever its processes have started. See "Job Objects" in Microsoft's
documentation of processes and threads.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache
from typing import Any, Final

IS_SUPPORTED: Final = sys.platform == "win32"

_EXTENDED_LIMITS: Final = 9  # JobObjectExtendedLimitInformation
_LIMIT_PROCESS_MEMORY: Final = 0x100
_LIMIT_KILL_ON_JOB_CLOSE: Final = 0x2000
_SYNCHRONIZE: Final = 0x100000  # the right to wait for a process
_INVALID_PARAMETER: Final = 87  # the error for a number that no process has
_SIGNALED: Final = 0  # WaitForSingleObject: the process has ended
_EXIT_CODE: Final = 1  # of a process that is killed
_FIELDS_OF_COUNTERS: Final = 6


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("minimum_working_set", ctypes.c_size_t),
        ("maximum_working_set", ctypes.c_size_t),
        ("active_processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority_class", ctypes.c_uint32),
        ("scheduling_class", ctypes.c_uint32),
    )


class _ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * _FIELDS_OF_COUNTERS),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


class _MemoryCounters(ctypes.Structure):
    """PROCESS_MEMORY_COUNTERS."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("page_faults", ctypes.c_uint32),
        ("peak_working_set", ctypes.c_size_t),
        ("working_set", ctypes.c_size_t),
        ("quota_peak_paged_pool", ctypes.c_size_t),
        ("quota_paged_pool", ctypes.c_size_t),
        ("quota_peak_non_paged_pool", ctypes.c_size_t),
        ("quota_non_paged_pool", ctypes.c_size_t),
        ("committed", ctypes.c_size_t),
        ("peak_committed", ctypes.c_size_t),
    )


class JobObject:
    """A job; :meth:`close` ends the processes in it, and so does the end of this process."""

    def __init__(self) -> None:
        """Create an empty job; raises OSError if the system refuses."""
        self._handle = _require(_kernel().CreateJobObjectW(None, None))
        self._set(_LIMIT_KILL_ON_JOB_CLOSE)

    def add(self, process: int) -> None:
        """Add a process by its handle, and all that it starts from now on; raises OSError."""
        _require(_kernel().AssignProcessToJobObject(self._handle, process))

    def limit_memory(self, size: int) -> None:
        """Bound the bytes that each process may commit; they may still be more than are there."""
        self._set(_LIMIT_PROCESS_MEMORY, size)

    def close(self) -> None:
        """Kill the processes in the job, without waiting; calling it again does nothing."""
        if self._handle:
            _kernel().TerminateJobObject(self._handle, _EXIT_CODE)
            _kernel().CloseHandle(self._handle)
            self._handle = 0

    def _set(self, flags: int, memory: int = 0) -> None:
        """Replace the limits of the job; raises OSError."""
        limits = _ExtendedLimits(basic=_BasicLimits(flags=flags), process_memory=memory)
        _require(
            _kernel().SetInformationJobObject(
                self._handle, _EXTENDED_LIMITS, ctypes.byref(limits), ctypes.sizeof(limits)
            )
        )


def contain(process: int) -> JobObject | None:
    """Return a job that holds a process, given by its handle, and all that it starts.

    Return None where there are no jobs, or where the process cannot be added to one (Windows 7, in
    another program's job): it is then killed alone.
    """
    if not IS_SUPPORTED:
        return None
    try:
        job = JobObject()
    except OSError:
        return None
    try:
        job.add(process)
    except OSError:
        job.close()
        return None
    return job


@cache
def _own_job() -> JobObject:
    """Return the job that limits this process, kept as long as it runs; raises OSError."""
    job = JobObject()
    job.add(_kernel().GetCurrentProcess())
    return job


def limit_own_memory(size: int) -> None:
    """Bound the bytes that this process, and each that it starts, may commit; raises OSError."""
    _own_job().limit_memory(size)


def committed_memory() -> int:
    """Return the bytes that this process has committed; raises OSError."""
    counters = _MemoryCounters(size=ctypes.sizeof(_MemoryCounters))
    _require(
        _kernel().K32GetProcessMemoryInfo(
            _kernel().GetCurrentProcess(), ctypes.byref(counters), counters.size
        )
    )
    return int(counters.committed)


def process_has_ended(number: int) -> bool:
    """Return whether no process of this number runs; False where that cannot be known."""
    kernel = _kernel()
    handle = kernel.OpenProcess(_SYNCHRONIZE, False, number)
    if not handle:
        return _last_error() == _INVALID_PARAMETER
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == _SIGNALED)
    finally:
        kernel.CloseHandle(handle)


def _require(result: int | None) -> int:
    """Return what a function of Windows has returned; raises OSError if it has failed."""
    if not result:
        raise OSError(_last_error(), "Windows refuses the job of a process")
    return result


def _last_error() -> int:
    """Return the number of the last error of a function of Windows in this thread."""
    return int(ctypes.get_last_error())  # type: ignore[attr-defined,unused-ignore]


@cache
def _kernel() -> Any:
    """Return kernel32, its handles declared as pointers."""
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined,unused-ignore]
    handle, number, flag = ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int
    for name, result, *arguments in (
        ("CreateJobObjectW", handle, handle, ctypes.c_wchar_p),
        ("AssignProcessToJobObject", flag, handle, handle),
        ("SetInformationJobObject", flag, handle, ctypes.c_int, handle, number),
        ("TerminateJobObject", flag, handle, number),
        ("CloseHandle", flag, handle),
        ("GetCurrentProcess", handle),
        ("K32GetProcessMemoryInfo", flag, handle, handle, number),
        ("OpenProcess", handle, number, flag, number),
        ("WaitForSingleObject", number, handle, number),
    ):
        function = getattr(kernel, name)
        function.restype, function.argtypes = result, arguments
    return kernel


__all__ = ["JobObject", "contain"]
