"""A process that ingests looks for cyclic garbage seldom, and still frees it."""

from __future__ import annotations

import subprocess
import sys

# In a process of its own: the settings of the collector are those of a whole process.
_PROGRAM = """
import gc, weakref
from bot.intake.collection import collect_seldom

class Node:
    pass

def cycle():
    node = Node()
    node.itself = node
    return weakref.ref(node)

kept, collections = [Node() for _ in range(1000)], []
collect_seldom()
gc.callbacks.append(lambda phase, _: collections.append(phase))
first = cycle()
text = [[number] for number in range(5_000)]
print(gc.get_freeze_count() > len(kept), len(collections), first() is None)
cycles = [cycle() for _ in range(50_000)]
print(first() is None)
"""


def test_what_is_loaded_is_exempt_and_cycles_are_freed_after_many_new_objects() -> None:
    printed = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
    assert printed.stdout.split() == ["True", "0", "False", "True"]
