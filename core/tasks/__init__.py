"""The jobs a worker can do, one file a job.

Each module holds a frozen request, a frozen result and ``run(request, progress)``. QGIS imports
these modules for their requests, so heavy packages are imported inside ``run`` only.
"""
