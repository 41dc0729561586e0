"""`./run faults`: kills everything again and again while duties fall due, then counts what was lost or came twice.

Read in this order: __main__, running, ground, processes, seeding, signing, expecting, journal, counting.
"""
