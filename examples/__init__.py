"""Whole years to try the program with."""
