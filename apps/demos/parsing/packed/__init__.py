"""Archives, and the process that unpacks them."""
