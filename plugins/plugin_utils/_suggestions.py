# SPDX-FileCopyrightText: 2026 tenantops.qlik_cloud contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which name was probably meant by one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher

MIN_LIKENESS = 0.6
MAX_DISTANCE_FROM_NEAREST = 0.1
MAX_SUGGESTIONS = 3


def suggest_names(name: str, known: Iterable[str], prefix: str = "") -> str:
    """The advice for a name that is not ``known``, as a sentence: the names that are like it, or else all that there are.

    ``prefix``: what all the names begin with for the user; ``name`` and ``known`` are without it.
    """
    names = sorted(set(known))
    likeness = {each: SequenceMatcher(None, name, each).ratio() for each in names}
    least = max(MIN_LIKENESS, max(likeness.values(), default=0.0) - MAX_DISTANCE_FROM_NEAREST)
    near = sorted((each for each in names if likeness[each] >= least), key=lambda each: -likeness[each])
    if not near:
        return f"There are: {', '.join(f'{prefix}{each}' for each in names)}."
    return f"Is {join_alternatives([f'{prefix}{each}' for each in near[:MAX_SUGGESTIONS]])} meant?"


def join_alternatives(names: Iterable[str], word: str = "or") -> str:
    """``a, b or c``."""
    *others, last = names
    return f"{', '.join(others)} {word} {last}" if others else last
