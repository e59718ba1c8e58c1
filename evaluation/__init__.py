"""What Shoal is measured with: a simulated platform, importers of other people's files, benchmarks.

Nothing else imports this package; its commands reach the CLI through the entry points `shoal.commands`.
"""
