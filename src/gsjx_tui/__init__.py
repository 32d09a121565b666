"""gsjx: a county office's performance appraisal, scored, ranked and provable."""

__version__ = "0.1.0"
