"""Pictures between arrays and files."""
