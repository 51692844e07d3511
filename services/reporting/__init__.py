"""Reporting: follows every log into one journal and computes the figures of the reports from it."""
