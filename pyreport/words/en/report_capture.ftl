# About the capture: where it was taken, and what its flaws weaken.

place-at-end = This capture was taken at { $who }.
place-at-both = This capture shows both ends: they are on one host.
place-between = This capture was taken between the two ends, at neither of them.
place-unknown = It cannot be told where this capture was taken: what is missing here may have been lost on the way.
place-disputed = The clues to the place of this capture contradict each other. On balance:
capture-is-sound = Nothing speaks against this capture: it has every byte that was acknowledged, it has no frame twice, and its clock never goes back.
