"""All tables that every service has, described beside the code that fills them, under one roof."""

from sqlalchemy import MetaData

from lastmile.kernel.store.checkpoints import checkpoints
from lastmile.kernel.store.commands import answered_commands
from lastmile.kernel.store.following import cursors
from lastmile.kernel.store.listening import refused_reactions
from lastmile.kernel.store.log import events, heads
from lastmile.kernel.store.outbox import published

KERNEL_TABLES = (events, heads, answered_commands, checkpoints, cursors, refused_reactions, published)


def with_kernel_tables() -> MetaData:
    """A new roof for a service's tables, with the kernel's under it."""
    tables = MetaData()
    for table in KERNEL_TABLES:
        table.to_metadata(tables)
    return tables
