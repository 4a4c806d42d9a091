"""What `manage.py up` is made of: one idea per file."""
