"""Jobs of the worker, one module each: ``run(request, progress)`` connects the engines."""
