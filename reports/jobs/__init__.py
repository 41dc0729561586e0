"""Long work in steps: asked for, done step by step, seen while it runs, cancelled by who asked."""
