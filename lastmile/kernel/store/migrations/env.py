"""What alembic runs for every database: migrate over the connection that is open already."""

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    target_metadata=attributes.get("tables"),
    render_as_batch=True,
    compare_type=True,
)
context.run_migrations()
