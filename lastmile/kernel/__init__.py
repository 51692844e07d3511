"""What every service stands on: events, logs, cursors, calls. Knows no service."""
