"""What holds for every operation of the REST door: keys of idempotency, versions, fields, and its description."""
