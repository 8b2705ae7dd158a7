"""What a function's code calls: read, never run (docs/design.md §9)."""
