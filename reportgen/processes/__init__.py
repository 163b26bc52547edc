"""Child processes: sandboxed calls, persistent workers, worker pools; see docs/dev/processes.md."""
