"""The report as one page that needs nothing else: for the screen, for print, and for PDF."""
