"""A made-up campaign to look at and to measure with: ``python -m gsjx_tui.demo``."""
