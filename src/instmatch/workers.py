"""Spreading batches over processes that share the mapped index."""

from __future__ import annotations

import gc
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, Final, TypeVar

Work = TypeVar("Work")
Done = TypeVar("Done")

_AHEAD: Final = 2
"""Batches a worker has waiting, so that none idles and memory stays flat."""


def spread(work: Callable[[Work], Done], batches: Iterable[Work], workers: int) -> Iterator[Done]:
    """Apply a function to batches in several processes, in order.

    Args:
        work: what to do. Forked workers have it; only where there is no fork is it pickled, from
            this process to its own workers.
        batches: what to do it to; read only as fast as it is worked off.
        workers: how many processes.
    """
    # Forked workers start at once and need no import guard in the caller's script.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    # What to do is handed over once, when a worker starts: a forked one shares it as it is.
    with ProcessPoolExecutor(workers, context, _begin, (work,)) as pool:
        waiting: deque[Future[Done]] = deque()
        for batch in batches:
            waiting.append(pool.submit(_do, batch))
            if len(waiting) > workers * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_given: Callable[[Any], Any] | None = None
"""What a worker process does; set when it starts."""


def _begin(work: Callable[[Any], Any]) -> None:
    global _given
    _given = work
    # Frozen, what a worker inherits is neither searched for garbage nor copied by the search.
    gc.freeze()


def _do(batch: Any) -> Any:
    assert _given is not None
    return _given(batch)
