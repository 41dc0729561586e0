"""Elements of own cases for the official system, as the list of policy 16.2 names them (docs/dsaid.md)."""
