"""Figures are data; here is what runs them all."""
