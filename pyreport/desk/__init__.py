"""The user's own Wireshark: puts the plugin and the profile there, checks them, and opens captures in it."""
