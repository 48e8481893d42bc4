"""From what a log line says to the connection that it is about, and how strong that match is.

The ends decide where the line names both and the capture has them. Where it does not (address translation, a
container's network, a name instead of an address), connections are ranked by what is left of the ends, by the time and
by whether their end makes an application log this error. More than one that fits equally well is an answer too:
ambiguous.
"""
