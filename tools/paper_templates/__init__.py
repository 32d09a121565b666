"""The shipped Word templates, made anew: ``python -m tools.paper_templates``."""
