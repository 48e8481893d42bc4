"""One row a frame: what the plugin found on it, and what the headers say."""
