"""Filling a demo database with invented staff and cases."""
