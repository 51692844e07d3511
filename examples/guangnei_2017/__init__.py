"""The year 2017 of one sub-district federation, carried as commands through the services."""
