"""The nameko shell around activities."""

from lastmile.kernel.wire.host import Shell


class ActivitiesService(Shell):
    """HTTP, events and timers of activities in a process of its own."""

    name = "activities"
