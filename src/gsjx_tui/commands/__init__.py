"""The commands of SPEC 8, a module for each kind of use. They hold no rules and no SQL."""
