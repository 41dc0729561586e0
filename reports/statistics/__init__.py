"""Counts over all installations, for programme managers. What may be published of them is another question."""
