"""The capture file, and the programs that read it: tshark in its sandbox, pyshark for frames in full."""
