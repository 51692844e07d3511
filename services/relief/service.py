"""The nameko shell around relief."""

from lastmile.kernel.wire.host import Shell


class ReliefService(Shell):
    """HTTP, events and timers of relief in a process of its own."""

    name = "relief"
