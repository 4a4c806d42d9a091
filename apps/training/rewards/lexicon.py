"""The words in which coaches say what to do, as patterns over one lower-case clause (``rewards.clauses``)."""

import re

_ARTICLE = r"(?:(?:the|a|an|your|this|that|every|any)\s+)?(?:[\w'-]+\s+){0,2}?"
_SITE = r"(?:site_\w|(?:bomb ?)?sites?|bomb|c4)"
_NADE = (
    r"(?:smokes?|flash(?:es|bangs?)?|util(?:ity)?|nades?|grenades?|mol(?:ly|lies|otovs?)|incendiar(?:y|ies)"
    r"|hegrenade|decoys?)"
)
_GO = (
    r"(?:push|press|rush|tak|hit|enter|attack|storm|go|run|mov|head|rotat|charg|advanc|split|sprint|walk|return|fall|retreat"
    r"|entry|swing|commit|jump|get|reach|approach|back|sneak|creep|retak|execut|exec|cross|crunch|flank)(?:[tn]?(?:e|s|es|ing))?"
)


def _any(*phrases: str) -> re.Pattern[str]:
    """One of the phrases (small patterns) as whole words."""
    return re.compile(rf"\b(?:{'|'.join(phrases)})\b")


# "start the B execute" is a verb, "their push" is not.
_STARTS = r"(?:join|lead|start|begin|follow|support|commit to|go for|initiate|launch|make|call)\w*"
_TAKES = r"(?:take|pick|force|seek|look for|win|start|open)"
_DOES = r"(?:go for|start|stick|finish|get|take|secure|attempt|complete|force|ninja)"
VERBALISED = (
    (re.compile(r"\btak(?:e|ing) the fight to (?:them|the enemy)\b"), "push"),
    (
        re.compile(
            rf"\b{_STARTS}\s+(?:(?:the|a|an|your)\s+)?((?:[\w'-]+\s+){{0,2}}?)"
            r"(push|rush|execute|attack|retake|flank|split)\b"
        ),
        r"\2 \1",
    ),
    (re.compile(rf"\b{_TAKES}\s+{_ARTICLE}(?:fights?|duels?|gunfights?|engagements?)\b"), "engage"),
    (re.compile(rf"\b{_DOES}\s+{_ARTICLE}(plant|defuse)\b"), r"\1"),
)
NOUN = re.compile(
    r"\b(?:the|a|an|their|any|enemy|his|every|possible|potential|incoming|this|that|for)\s+(?:[\w'-]+\s+){0,2}?"
    r"(?:push(?:es)?|rush(?:es)?|execute|retake|peek|plant|defuse|attack|flanks?|rotations?|rotates?|retreat|advance"
    r"|entry)\b"
)

RETREAT = _any(
    "fall(?:ing)? back",
    r"retreat\w*",
    r"back(?:ing)? (?:off|away|out|up(?! (?:your|the|a)\b))",
    r"withdraw\w*",
    r"disengag\w*",
    "run(?:ning)? away",
    "pull(?:ing)? (?:back|out|away)",
    r"escap\w+",
    "get(?:ting)? out",
    "leav(?:e|ing)",
    r"abandon\w*",
    "giv(?:e|ing) up",
    "drop(?:ping)? back",
    r"flee\w*",
    r"bail\w*",
    "break(?:ing)? away",
    "(?:move|step|run|go) back",
    rf"sav(?:e|ing)\b(?!\s+{_ARTICLE}{_NADE})",
)
ADVANCE = _any(
    r"push\w*",
    r"rush\w*",
    r"advanc\w+",
    r"swing\w*",
    r"execut\w+",
    "exec",
    "charg(?:e|ing)",
    r"storm\w*",
    "flank(?:ing)?",
    r"commit\w*",
    r"attack\w*",
    "hit(?:ting)?",
    r"(?<!play )retak\w+",
    "entry",
    r"enter\w*",
    r"peek\w*",
    r"re-?peek\w*",
    "div(?:e|ing)",
    r"challeng\w+",
    r"tak(?:e|ing) (?:\w+ )?(?:control|space|map control|mid|ground|site_\w|(?:the )?site)",
    "clos(?:e|ing) in",
    "mov(?:e|ing) (?:up|in|forward)",
    "play(?:ing)? (?:more )?aggressive(?:ly)?",
    r"go(?:ing)? (?:aggressive|in|(?:to |for |at |through )?(?:site_\w|mid|long|short|banana|ramp|connector))",
    "split(?:ting)?",
    r"hunt\w*",
    "step up",
    "press(?:ure|ing)?",
    "go(?:ing)? forward",
)
HOLD = _any(
    "hold(?:ing)?(?! on to)",
    r"stay\w*",
    r"wait\w*",
    r"anchor\w*",
    r"camp\w*",
    "hid(?:e|ing)",
    r"watch\w*",
    "stand(?:ing)? still",
    "sit(?:ting)?",
    r"remain\w*",
    "lock(?:ing)? down",
    "cover(?:ing)?",
    r"guard\w*",
    r"defend\w*",
    "lie low",
    "freeze",
    r"keep(?:ing)? (?:\w+ )?(?:angle|position|quiet|still)",
    "keep(?:ing)? (?:your )?distance",
    r"play(?:ing)? (?:it )?(?:\w+ )?(?:passive|defensive|safe|conservative|patient|cautious|careful|back|calm"
    r"|for time|for info\w*|an? off-?angle|off-?angles|the angle|anti-?flash|your life|retake)\w*",
)
ENGAGE = _any(
    r"(?:re-?)?peek\w*",
    r"swing\w*",
    r"engag\w+",
    r"shoot\w*",
    "fir(?:e|ing)",
    r"pre-?fire\w*",
    r"(?:take|get) (?:\w+ )?first shot",
    r"wall-?bang\w*",
    r"spray\w*",
    r"challeng\w+",
    r"attack\w*",
    r"hunt\w*",
    r"ambush\w*",
    "fight(?:ing|s)?",
    r"duel\w*",
    r"kill\w*",
    r"look(?:ing)? for (?:\w+ )?(?:picks?|pick-?offs?|kills?|frags?|openings?)",
)
ASSAULT = _any(
    r"push\w*",
    r"rush\w*",
    r"execut\w+",
    "exec",
    r"charg\w+",
    r"storm\w*",
    "entry",
    "hit",
    "aggressive(?:ly)?",
    r"(?<!play )retak\w+",
    "dive",
)
NOW = _any(
    "now",
    "immediately",
    "instantly",
    "at once",
    "right away",
    "straight away",
    "asap",
    "quick(?:ly)?",
    "fast",
    "first",
    r"rush\w*",
)
WAIT = _any(r"wait\w*", "(?:a few|some) seconds", "slow(?:ly)?", r"delay\w*", "hold(?:ing)?", "time it")
ROTATE = _any("rotat(?:e|es|ing)")

TOWARDS = _any(
    r"plant\w*",
    r"defus\w+",
    r"(?<!play )retak\w+",
    r"execut\w+",
    "exec",
    "stick it",
    rf"{_GO}\s+(?:[\w'-]+\s+){{0,3}}?(?:the )?{_SITE}",
    r"(?:pick(?:ing)? up|grab\w*|recover\w*|collect\w*|retriev\w+|secur\w+|get)\s+(?:the )?(?:dropped )?(?:bomb|c4)",
)
AWAY = _any(
    rf"(?:leav\w+|abandon\w*|giv(?:e|ing) up)\s+(?:the )?{_SITE}",
    rf"(?:away|back|off|out)\s+(?:from|of)\s+(?:the )?{_SITE}",
    rf"retreat\w* from\s+(?:the )?{_SITE}",
    rf"sav(?:e|ing)\b(?!\s+{_ARTICLE}{_NADE})",
)
NEITHER = _any("mid(?:dle)?", rf"(?:guard|protect|defend|cover|watch|hold|anchor)\w*\s+(?:the )?{_SITE}")

# A grenade that somebody else threw, or that is only scenery.
SCENERY = _any(
    r"(?:wait(?:ing)? for|through|behind|past|out of|around|inside|in|against|dodge|wait out|their|enemy|his|off|of)\s+"
    rf"(?:the |a |their |enemy )*{_NADE}",
    rf"{_NADE}\s+(?:to )?(?:fades?|clears?|dissipates?|ends?|burns? out|expires?|(?:is|are) (?:gone|down|up))",
    rf"(?<!your ){_NADE}\s+(?:pops?|lands?|blooms?)",
    rf"(?:have|has|got|carry(?:ing)?|armed with)\s+{_ARTICLE}{_NADE}",
    "(?:smoked|flashed)(?: off| out)?",
)
KEEP = _any(
    rf"(?:sav(?:e|ing)|keep(?:ing)?|conserv\w+|hold(?:ing)? on to|preserv\w+)\s+{_ARTICLE}{_NADE}",
    rf"hold(?:ing)? your {_NADE}",
)
DRY = _any(
    "dry", r"(?:throw|us)\w* (?:nothing|none)", rf"(?:no|without|any)\s+(?:any |more |your |further |a )?{_NADE}"
)
THROWN = {
    "smoke": _any("smok(?:es?|ing)(?: grenades?)?"),
    "flash": _any("(?:pop-?)?flash(?:es|ing|bangs?| ?bangs?)?(?: grenades?)?"),
    "he": _any("hegrenade(?: grenade| nade)?", "(?:he|frag|explosive) (?:grenades?|nades?)"),
    "molotov": _any(r"mol(?:ly|lies|lying|otov\w*)", "incendiar(?:y|ies)", "incgrenade", "fire ?bomb"),
    "decoy": _any(r"decoy\w*"),
}
