"""Measurements, run by hand: on people's own machines, never by the tests."""
