"""The coach's pages and the small addresses their scripts use: live, one answer, what is done with it, corrections."""
