"""What runs in the process that draws charts: one line of JSON comes in, one line goes out.

It is started by its path, so that it loads the renderer and nothing else.
"""

from __future__ import annotations

import json
import queue
import sys
import threading

FIRST = {
    "data": {"values": [{"a": 1}]},
    "mark": "bar",
    "encoding": {"x": {"field": "a", "type": "quantitative"}},
}


def main() -> None:
    """Draw until there is nothing more to read; the first chart, which is the slow one, is nobody's."""
    import vl_convert

    asked: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    # Reading goes on while a chart is written, or both sides could wait for each other with full pipes.
    threading.Thread(target=_listen, args=(asked,), daemon=True).start()
    version = sys.argv[1]
    vl_convert.vegalite_to_svg(json.dumps(FIRST), vl_version=version)
    while line := asked.get():
        try:
            answer: str | None = vl_convert.vegalite_to_svg(json.loads(line), vl_version=version)
        except ValueError:
            answer = None  # whoever asked draws it again and hears why it cannot be drawn
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()


def _listen(asked: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        asked.put(line)
    asked.put(b"")


if __name__ == "__main__":
    main()
