"""The roles of PostgreSQL and what each may do: `roles.toml` says it, `python -m deploy.postgresql` makes it so."""
