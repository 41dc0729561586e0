"""Documents for paper: one renderer, in memory, accessible, the same bytes for the same content."""

from .rendering import render_pdf

__all__ = ["render_pdf"]
