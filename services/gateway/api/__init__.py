"""The REST frame: every command and question of the services, for systems, described by OpenAPI."""
