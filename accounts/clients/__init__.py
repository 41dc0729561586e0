"""API clients: outside systems whose keys are narrower than what the account may do that they act for."""
