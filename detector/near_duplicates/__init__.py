"""Near duplicates: which posts say the same, in one pass and fixed memory.

Each name is imported from its own module: every command reads the settings, few need what compiles the kernel.
"""
