"""Alerts: what is told, to whom, and where it must never go."""
