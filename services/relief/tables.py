"""The roof under which the tables of relief stand: the kernel's, and those that its views describe."""

from sqlalchemy import MetaData

from lastmile.kernel.store.tables import with_kernel_tables

relief_tables: MetaData = with_kernel_tables()
