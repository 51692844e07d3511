"""The nameko shell around membership."""

from lastmile.kernel.wire.host import Shell


class MembershipService(Shell):
    """HTTP, events and timers of membership in a process of its own."""

    name = "membership"
