"""The desk in other languages: what has to be translated, and that it is."""
