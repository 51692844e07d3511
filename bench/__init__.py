"""What is measured, and against whom: see docs/performance.md."""
