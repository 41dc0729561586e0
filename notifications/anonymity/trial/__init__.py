"""The brute force of `./run anonymity`: invented units, a year of notices, and a reader who tries everything.

The reader works on persons and on the printed text alone; nothing of the engine's arithmetic is used to check it.
"""
