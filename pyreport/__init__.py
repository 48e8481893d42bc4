"""Reports on broken TCP connections: a packet capture in, a PDF out."""

__version__ = "0.1.0"
