"""The stairs: which Python runs the core, how it is set up, and the worker process. No Qt."""
