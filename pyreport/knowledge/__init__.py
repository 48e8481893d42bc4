"""The world outside the capture: services by port, timers of kernels and of products, each with its source."""
