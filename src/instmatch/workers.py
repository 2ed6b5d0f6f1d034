"""Spreading batches over processes that share the mapped index."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD: Final = 2
"""Batches a worker has waiting, so that none idles and memory stays flat."""


def spread(work: Callable[[Work], Done], batches: Iterable[Work], workers: int) -> Iterator[Done]:
    """Apply a function to batches in several processes, in order.

    Args:
        work: what to do; it must pickle.
        batches: what to do it to; read only as fast as it is worked off.
        workers: how many processes.
    """
    # Forked workers start at once and need no import guard in the caller's script.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    # Frozen, what a worker inherits is neither searched for garbage nor copied by the search.
    with ProcessPoolExecutor(workers, context, gc.freeze) as pool:
        waiting: deque[Future[Done]] = deque()
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
