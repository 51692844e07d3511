"""What is kept: logs, views, cursors, keys, in SQLite or PostgreSQL through SQLAlchemy."""
