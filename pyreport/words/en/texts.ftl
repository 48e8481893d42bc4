# What is not a claim yet: its text.
text = { $text }
