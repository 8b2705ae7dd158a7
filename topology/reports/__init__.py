"""One report value, one function per format."""
