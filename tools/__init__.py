"""Scripts for those who develop the program."""
