"""Patches, parsed back from each of their tongues and run against a command line that records."""
