"""A synthetic world: an invented population of any size, for a demo or rehearsal database."""
