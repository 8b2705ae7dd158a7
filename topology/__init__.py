"""Loopscope's subject: how events travel through AWS accounts, and where they come back."""
