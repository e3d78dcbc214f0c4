"""Scans on several machines: Dask finds them work, watches over them and brings back what they found."""
