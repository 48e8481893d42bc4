"""What several explanations and the verdict ask of a connection and of its neighbours."""
