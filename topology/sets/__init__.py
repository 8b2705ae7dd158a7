"""Sets with a witness: of strings, of numbers, of events. Pure values, no I/O."""
