"""The REST API: the library for programs, documented at ``/api/docs``."""
