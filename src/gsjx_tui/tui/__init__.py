"""The terminal application: screens and widgets. Holds no rules and no SQL."""
