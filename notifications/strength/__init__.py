"""Strength tables: how many people a place has, who of them at least is there, and what a printed place gives away.

From these alone the engine (`notifications.anonymity`) chooses how much a notice to that place may say.
"""
