"""A capture and a log line without what is private: stand-ins for addresses, ports and names, no payload."""
