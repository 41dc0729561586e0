"""A rehearsal of what falls due: a copy of the open duties runs forward in memory, and nothing is written."""
