"""The console for people: pages in one frame, each list, form and record made the same way."""

from services.gateway.console.frame import mount_console

__all__ = ["mount_console"]
