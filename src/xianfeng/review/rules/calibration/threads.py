"""One thread for many small factorisations.

OpenBLAS starts a thread a core for each of them; where other work shares the cores they wait for one another: a fit
of one second then took more than twenty. Libraries that are not OpenBLAS are left alone.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy
import scipy

ENDINGS = ("", "64_")


@contextmanager
def one_thread() -> Iterator[None]:
    """Let the linear algebra of numpy and scipy run on one thread; what was set before comes back."""
    before = []
    for library in _libraries():
        for ending in ENDINGS:
            change = getattr(library, f"scipy_openblas_set_num_threads{ending}", None)
            count = getattr(library, f"scipy_openblas_get_num_threads{ending}", None)
            if change and count:
                before.append((change, int(count())))
                change(1)
    try:
        yield
    finally:
        for change, earlier in before:
            change(earlier)


def _libraries() -> list[ctypes.CDLL]:
    """The OpenBLAS files that come inside the wheels of numpy and scipy."""
    found = []
    for package in (numpy, scipy):
        folder = Path(str(package.__file__)).parent.parent / f"{package.__name__}.libs"
        for path in sorted(folder.glob("libscipy_openblas*")):
            try:
                found.append(ctypes.CDLL(str(path)))
            except OSError:  # another platform's way of shipping it: threads stay as they are
                continue
    return found
