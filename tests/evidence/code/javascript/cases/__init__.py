"""Functions in TypeScript and the calls that must be found in them, all written by hand."""
