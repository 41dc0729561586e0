"""What the REST door answered to a write that came with a key of idempotency (docs/api.md)."""
