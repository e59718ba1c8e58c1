"""Topics of trending lists: which burst, what their accounts look like, and their places without those in question.

Each name is imported from its own module: every command reads the settings, few need what counts.
"""
