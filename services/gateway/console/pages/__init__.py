"""The pages of the console: a file each, which declares them in PAGES."""
