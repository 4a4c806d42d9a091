"""What awpy gives of a recording, whole or damaged, as tables in our words."""
