"""The roof under which the tables of activities stand: the kernel's, and those that its views describe."""

from sqlalchemy import MetaData

from lastmile.kernel.store.tables import with_kernel_tables

activities_tables: MetaData = with_kernel_tables()
