"""Run a command and tell what it took: a small process in between, so that its peak memory is its own.

A process that is started takes over the peak of the one that starts it. This one holds next to nothing:
`python -S benchmarks/launch.py COMMAND …` prints one JSON object and ends as the command does.
"""

import json
import os
import sys
import time

# What one unit of ru_maxrss is.
KIBIBYTE = 1 if sys.platform == "darwin" else 1024


def main() -> int:
    """Run the command of the arguments, its own output left out."""
    began = time.perf_counter()
    quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
    _, status, usage = os.wait4(child, 0)
    taken = {
        "wall": time.perf_counter() - began,
        "processor": usage.ru_utime + usage.ru_stime,
        "peak_bytes": usage.ru_maxrss * KIBIBYTE,
    }
    print(json.dumps(taken))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    raise SystemExit(main())
