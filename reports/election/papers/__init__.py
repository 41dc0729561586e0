"""Forms beside the election, their versions and copies, and every signed form as a document."""
