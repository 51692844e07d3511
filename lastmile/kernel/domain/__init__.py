"""Pure parts: no clock, no files, no database, no network."""
