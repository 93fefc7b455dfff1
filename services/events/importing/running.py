"""The job of imports."""

from chassis.kit.importing.running import Runs
from chassis.wiring import every
from services.events.importing.kind import IMPORTS

RUNS = Runs(IMPORTS)


@every(1, own_transactions=True)
def carry_out_imports(begin):
    """Carries imports out, and takes them back, one after the other."""
    RUNS.go_on(begin)
