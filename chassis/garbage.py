"""The garbage collector, set for processes that live for weeks and make many objects that soon go."""

import gc

# So many more objects before the youngest are looked through, and so many such looks before the older ones are.
YOUNGEST, OLDER = 20_000, 20


def settle():
    """Called once everything is imported: what is there stays, and is never looked through again.

    Reference counts free nearly everything; each look through all that a process has imported costs tens of
    milliseconds, in the middle of a call.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNGEST, OLDER, OLDER)
