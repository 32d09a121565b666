"""What ``make bench`` runs: how long people wait, as medians beside what they are compared with."""
