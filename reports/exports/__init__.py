"""Lines of one's own cases in an encrypted file: asked for, approved by a second person, fetched once."""
