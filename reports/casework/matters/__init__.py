"""Matters: things of a case with a small course of their own (orders, transfers, referrals, subjects, …).

Which kinds there are, what steps each takes and what a step asks are data (`data/*.json`, docs/casework.md).
"""
