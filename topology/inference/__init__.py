"""Who may write where, what event that raises, and how far the event travels."""
