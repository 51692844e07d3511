"""Access: the persons who work with a station, the roles they hold there, and the identities signed for them."""
