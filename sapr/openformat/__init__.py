"""Everything that a system holds as one open file, and its way into an empty system (docs/openformat.md)."""
