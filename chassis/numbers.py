"""Numbers for rows to come: taken from their sequences a block at a time, so that a row knows its name beforehand."""

from chassis.prepared import Prepared

BLOCK = 32
TAKE = Prepared(
    "SELECT nextval(pg_get_serial_sequence(quote_ident(%(table)s), 'id')) FROM generate_series(1, %(block)s)"
)


class Numbers:
    """The numbers that this process has in hand; those it ends with are never used."""

    def __init__(self, engine):
        self.engine = engine
        self.free: dict[str, list[int]] = {}

    def forget(self):
        """Lets go of the numbers in hand."""
        self.free = {}

    def next(self, table):
        """Returns the next number for a row of `table`."""
        free = self.free.setdefault(table, [])
        while True:
            try:
                return free.pop()
            except IndexError:
                self.reserve(table, BLOCK)

    def reserve(self, table, count):
        """Takes in one statement what `count` rows of `table` will need."""
        free = self.free.setdefault(table, [])
        missing = count - len(free)
        if missing > 0:
            block = TAKE.fetch(self.engine, {"table": table, "block": missing})
            # The smallest is taken first, from the end.
            free[:0] = [number for (number,) in reversed(block)]
