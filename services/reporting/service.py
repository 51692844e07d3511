"""The nameko shell around reporting."""

from lastmile.kernel.wire.host import Shell


class ReportingService(Shell):
    """HTTP, events and timers of reporting in a process of its own."""

    name = "reporting"
