"""Frames sorted into connections: who is who, how each ended, what each side's timers did."""
