"""What confirms that an actor writes where its role lets it."""
