"""What is scored and how: the model of a rubric, the rules, the score, the TOML it is read from."""
