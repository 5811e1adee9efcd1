"""What people who liked one anime liked too. Pure computing; `services.neighbours` stores it, `selectors.recommendations` uses it."""
