"""`./run bench`: databases of 1,000 to 1,000,000 reports, and what the pages take on each (docs/performance.md)."""
