"""What the tables mean: rounds, scores, clock, teams. `account.account` is the door."""
