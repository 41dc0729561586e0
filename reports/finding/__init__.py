"""Finding one's own cases: filters made of words of lists, kept by whoever uses them, pages by keyset."""
