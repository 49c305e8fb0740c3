"""`python -m bench [name …]`: every figure we claim, measured here and now. Results also go to bench/results/."""

import atexit
import os
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence

# Nothing a benchmark does may touch the instance of whoever works here.
os.environ["LUNTAN_INSTANCE"] = tempfile.mkdtemp(prefix="luntan-bench-none-")
atexit.register(shutil.rmtree, os.environ["LUNTAN_INSTANCE"], ignore_errors=True)

from bench import burst, fluid, gestures, long_list, memory, proposals, publishing, reading, registering, slow, starting  # noqa: E402
from bench.figures import HEAD, WIDTHS, Figure, keep, row  # noqa: E402

BENCHES: dict[str, Callable[[], Sequence[Figure]]] = {
    "feed": reading.feed,
    "feed304": reading.feed304,
    "agenda": reading.agenda,
    "speakers": reading.speakers,
    "series": reading.series,
    "register": registering.register,
    "burst": burst.burst,
    "slow": slow.slow,
    "publish": publishing.publish,
    "gestures": gestures.gestures,
    "proposals": proposals.proposals,
    "list": long_list.long_list,
    "fluid": fluid.fluid,
    "memory": memory.memory,
    "start": starting.start,
}


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"No benchmark is called {', '.join(unknown)}. There are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    print(row(HEAD), "-" * sum(WIDTHS), sep="\n", flush=True)
    missed = 0
    for name in names or BENCHES:
        began = time.monotonic()
        try:
            figures = BENCHES[name]()
        except Exception as error:  # the others are still worth measuring
            traceback.print_exc()
            figures = [Figure(name, f"failed: {type(error).__name__}", reached=False)]
        keep(name, figures)
        for figure in figures:
            print(figure.line(), flush=True)
            missed += figure.reached is False
        print(f"{'':2}({name}: {time.monotonic() - began:.0f} s)", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
