"""Why an end said that it ends the connection, in its last words."""

from __future__ import annotations

from pyreport.application.farewells import Said
from pyreport.application.parting import Form, Why
from pyreport.base.claim import Claim, FrameNumber, claim
from pyreport.diagnosis.case import Case


def tell_last_words(case: Case) -> tuple[Claim, ...]:
    """Who said it, in which words, and what they come to; nothing without any."""
    said = case.said
    if said is None:
        return ()
    if said.parting.form is Form.HTTP2:
        return _goaway(case, said)
    who, frames = case.roles.party(said.by), (said.frame,)
    why = said.parting.why
    if why is Why.LEAVE:
        return (claim("last-words-leave", frames, who=who, frame=FrameNumber(said.frame), said=said.text),)
    told = _quoted(case, said)
    return (told,) if why is Why.OTHER else (told, claim("last-words-mean", frames, who=who, why=why))


def words_of_peer(case: Case) -> Said | None:
    """The last words of the peer, where they give a reason; None without."""
    said = case.said
    return said if said is not None and said.by == case.peer and said.parting.why is not Why.LEAVE else None


def unheard_by_peer(case: Case) -> bool:
    """Whether the peer said that it had heard no sign of life of the local end for as long as it allows."""
    said = words_of_peer(case)
    return said is not None and said.parting.why is Why.UNHEARD


def pings_of_local(case: Case) -> bool:
    """Whether the peer said that the local end sent it too many HTTP/2 PINGs."""
    said = words_of_peer(case)
    return said is not None and said.is_of_pings


def _quoted(case: Case, said: Said) -> Claim:
    """The words themselves."""
    found = said.parting
    return claim(
        "last-words",
        (said.frame,),
        who=case.roles.party(said.by),
        frame=FrameNumber(said.frame),
        form=found.form,
        code=found.code,
        said=said.text,
    )


def _goaway(case: Case, said: Said) -> tuple[Claim, ...]:
    who, frames, text = case.roles.party(said.by), (said.frame,), said.parting.text
    told = claim("goaway", frames, who=who, frame=FrameNumber(said.frame), error=said.parting.code)
    if said.is_of_pings:
        other = case.roles.party(case.connection.other(said.by))
        return told, claim("goaway-too-many-pings", frames, who=who, other=other, said=text)
    return (told, claim("goaway-said", frames, said=text)) if text else (told,)
