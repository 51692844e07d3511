"""Lastmile: membership, activities and relief of a sub-district trade-union federation, from an event log."""

__version__ = "0.1.0"
