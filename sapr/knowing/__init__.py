"""Who knew what of a case, when, by which rule: derived from its events and the policy's rows, from nothing else."""
