"""The nameko shell around access."""

from lastmile.kernel.wire.host import Shell


class AccessService(Shell):
    """HTTP, events and timers of access in a process of its own."""

    name = "access"
