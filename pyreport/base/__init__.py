"""What every package may use: errors, units of time. It knows no capture."""
