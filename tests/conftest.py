"""Settings of the test tools; what tests start from is in ``builders.py``."""

from hypothesis import settings

settings.register_profile("plain", deadline=None, max_examples=100)
settings.load_profile("plain")
