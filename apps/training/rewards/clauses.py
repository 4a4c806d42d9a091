"""Cut advice into clauses and say of each who acts, whether it is denied, and whether it only holds "in case".

A small grammar instead of a keyword list: "don't push", "if they push, fall back" and "hold; otherwise retreat" all
name an action that is not the advice.
"""

import re
from dataclasses import dataclass

_SPELLING = (
    (re.compile(r"[’‘´`]"), "'"),
    (
        re.compile(r"\bHE\b(?=\s*(?:grenade|nade)|[ ,.;]|$)(?!\s+(?:is|will|has|was|can|may|might|could)\b)"),
        "hegrenade",
    ),
    (re.compile(r"\b(can)not\b|\b(ca|wo)n'?t\b", re.IGNORECASE), "can not"),
    (re.compile(r"\b(do|does|did|is|are|was|should|would|could|must|have|has)n'?t\b", re.IGNORECASE), r"\1 not"),
    (re.compile(r"'(re|ll|ve)\b", re.IGNORECASE), r" \1"),
    (re.compile(r"\bno[ -]one\b", re.IGNORECASE), "nobody"),
    (re.compile(r"\bnot only\b|\bnot just\b", re.IGNORECASE), ""),
    (re.compile(r"\b(?:do )?(?:not|never) (?:hesitate|be afraid|be scared|fear) to\b", re.IGNORECASE), ""),
    (re.compile(r"(?<!^)(?<![.!?;:] )(?<![.!?;:])\b([AB])\b(?!-)"), r"site_\1"),
    (re.compile(r"\b([ABab])[ -]?(?:bomb ?)?site\b"), r"site_\1"),
    (re.compile(r"^([AB])\b(?= (?:main|long|short|ramp|is|now|rush|execute|hit|push|apps|tunnels?)\b)"), r"site_\1"),
    (
        re.compile(r"\b(b)\b|\b(a)\b(?=\s*(?:$|[,.;!]|(?:now|fast|with|and|then|through|via|from|while|before)\b))"),
        "site_x",
    ),
)
_FALLBACK = re.compile(
    r"\b(?:otherwise|or else|failing that|if not\b|plan b\b|backup plan|worst case|as a last resort|if all else fails"
    r"|if (?:that|this|it|the \w+) (?:fails|does not work|goes wrong|is lost)|fall-?back(?: plan| option)?\s*(?::|is\b)"
    r").*"
)
_SENTENCE = re.compile(r"[.!?;\n]+(?!\d)|\s[-–—]+\s|—")
_PIECE = re.compile(r"\s*(,|\b(?:and then|then|and|but|so)\b)\s*")
_OR = re.compile(r"\s+or\s+")
_IF = re.compile(
    r"\b(?:only )?(?:if|unless|in case|provided|assuming|whenever|should (?=they|the enem))\b|\bonly (?=when|with)"
)
_WHEN = re.compile(
    r"\b(?:right |just )?(?:when|once|after|as soon as|until|till|while|because|since|as (?=they|your|the|you))\b"
)
_BEFORE = re.compile(r"\bbefore (?:you )?(?=\w)")
_NEGATION = re.compile(
    r"\b(?:not|never|no need to|no|without|avoid|refrain from|stop|instead of|rather than|resist|skip|forget"
    r"|(?:stay|keep)(?:ing)? out of)\b"
)
_PEOPLE = (
    r"(?:they|he|she|who|someone|somebody|others|their \w+|your (?:team|awper|support)"
    r"|(?:the |an? |any |all |most |their )?(?:enem(?:y|ies)|opponents?|attackers?|defenders?|ts|cts|t side|ct side"
    r"|terrorists?|counter-terrorists?|awper|lurker|rest of \w+|bomb carrier|carrier)"
    r"|(?:your |the |a |one |another )?(?:team ?mates?|mates?|partner|entry fragger))"
)
_OTHER = re.compile(rf"^(?:now |maybe |probably |likely )?{_PEOPLE}\b(?! (?:and|with) (?:you|push))")
_OWNS = re.compile(r"^you (?:still |now |only )?(?:have|carry|own|lack|got)\b(?! to\b)")  # a fact, no advice
_HANDED_OVER = re.compile(
    rf"(?<=\w )(?:them|him|her|{_PEOPLE})\s+(?:to|from|into|who|that|is|are|will|may|might|can)\b.*"
    r"|(?<=\w )\b(?:they|he|she)\b.*"
)
_DOING = re.compile(r"\b(them|enem(?:y|ies)|players?|anyone|anybody|attackers?|ts|cts)\s+(?:\w+ing|who \w+)\b")
_LET = re.compile(rf"\b(?:let|have|make|ask|tell)\s+(them|him|{_PEOPLE})\b.*")
_READY = re.compile(r"\b(?:ready|prepared?) (?:to|for)\b.*")  # not yet
_LEAVE_TO = re.compile(r"\bleav(?:e|ing)\s+(?:\w+\s+){1,4}to (?=them)")  # "leave the first shot to them"


@dataclass(frozen=True)
class Clause:
    """One statement about what the player does, lower-case."""

    affirmed: str
    denied: str = ""
    contingent: bool = False  # only in case something happens
    waits: bool = False  # something comes first
    lets_them: bool = False  # "let them come"


def clauses(text: str) -> list[Clause]:
    """The player's own clauses in order; what others do, reasons, conditions and the fallback are left out."""
    for pattern, replacement in _SPELLING:
        text = pattern.sub(replacement, text)
    found: list[Clause] = []
    for sentence in _SENTENCE.split(text.casefold()):
        found.extend(_sentence(_FALLBACK.sub("", sentence)))
    return found


def _sentence(sentence: str) -> list[Clause]:
    pieces = _PIECE.split("," + sentence)  # "", separator, piece, separator, piece …
    found: list[Clause] = []
    skipping = other = contingent = waits = False
    for separator, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        joined = separator in {"and", "but"}
        if skipping and joined:
            continue  # "if they push and plant": still the condition
        skipping = False
        other = _by_others(piece, other and (joined or bool(re.match(r"\w+ing\b", piece))))
        waits = waits or "then" in separator
        if other and not _SUBORDINATE.match(piece):
            continue
        if joined and found and found[-1].denied and re.match(r"\w+ing\b", piece):
            found.append(Clause("", piece, contingent, waits))  # "avoid pushing and peeking"
            continue
        main, extra, skipping, case, later = _subordinate(piece)
        contingent, waits = contingent or case, waits or later
        found.extend(_split(main, contingent, waits) if main else ())
        found.extend(Clause(part, contingent=contingent, waits=True) for part in extra)
    return found


_SUBORDINATE = re.compile(rf"(?:{_IF.pattern}|{_WHEN.pattern}|{_BEFORE.pattern})")


def _by_others(piece: str, inherited: bool) -> bool:
    return bool(_OTHER.match(piece) or _OWNS.match(piece)) or (inherited and not re.match(r"(?:you|we|i)\b", piece))


def _subordinate(piece: str) -> tuple[str, list[str], bool, bool, bool]:
    """(main clause, further own clauses, whether a subordinate clause runs on, contingent?, waits?)."""
    condition = _IF.search(piece)
    if condition:
        return piece[: condition.start()], [], True, True, False
    when = _WHEN.search(piece)
    if when:
        inner = piece[when.end() :].strip()
        theirs = bool(_OTHER.match(inner))
        sequence = not re.search(r"while|because|since|as ", when.group())
        own = (
            [inner]
            if re.match(r"(?:throwing|using|flashing|smoking|mollying)|your (?:smoke|flash|molotov|molly|he)", inner)
            else []
        )
        if "until" in when.group() or "till" in when.group():
            theirs = False  # "hold until they come" is advice to hold, not advice for that case
        return piece[: when.start()], own, True, theirs and sequence, sequence and not theirs
    before = _BEFORE.search(piece)
    if before:
        inner = piece[before.end() :]
        return piece[: before.start()], [] if _OTHER.match(inner) else [inner], True, False, False
    return piece, [], False, False, False


def _split(piece: str, contingent: bool, waits: bool) -> list[Clause]:
    """Affirmed and denied half; what stands after "or" is an alternative, unless both are denied."""
    piece = _READY.sub("", _LEAVE_TO.sub("let ", piece))
    lets = _LET.search(piece)
    lets_them = bool(
        lets and not _NEGATION.search(piece[: lets.start()]) and "mate" not in lets[1] and "your" not in lets[1]
    )
    piece = _LET.sub("", piece)
    piece = _DOING.sub(r"\1", _HANDED_OVER.sub("", piece))
    negation = _NEGATION.search(piece)
    if negation:
        return [Clause(piece[: negation.start()], piece[negation.start() :], contingent, waits, lets_them)]
    first, *rest = _OR.split(piece)
    return [
        Clause(first, contingent=contingent, waits=waits, lets_them=lets_them),
        *(Clause(part, contingent=True, waits=waits) for part in rest),
    ]
