"""One part of the shop per file; the docstring says which loop it shows, and the verdict."""
