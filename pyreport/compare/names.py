"""What the two ends and their captures are called in sentences."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """``words`` are "client" and "server", or "A" and "B" when neither the SYN nor a service's port tells."""

    words: tuple[str, str]

    def end(self, end: int) -> str:
        """The end in the middle of a sentence: "the client", "side A"."""
        word = self.words[end]
        return f"side {word}" if len(word) == 1 else f"the {word}"

    def capture(self, end: int) -> str:
        """The capture at an end: "the client's capture", "the capture at side A"."""
        word = self.words[end]
        return f"the capture at side {word}" if len(word) == 1 else f"the {word}'s capture"

    def short(self, end: int) -> str:
        """In front of frame numbers: "client", "A"."""
        return self.words[end]
