"""Duties that come due or stand undone are told up their ladder; and that somebody looks for due work at all."""
