"""Advice as coaches write it, and what it means: movement, objective, utility, initiated, delay (None: not said)."""

from apps.training.rewards.behavior import Behavior

_ = None


def _b(
    movement: int | None, objective: int | None, utility: str | None, initiated: bool | None, delay: float | None
) -> Behavior:
    return Behavior(movement, objective, None if utility is None else frozenset(utility.split()), initiated, delay)


# Delays: 0.1 at once, 0.2 soon, 0.5 after something else, 1.0 no fight.
SENTENCES: tuple[tuple[str, Behavior], ...] = (
    # plain actions
    ("Push A with a flash.", _b(1, 1, "flash", True, 0.2)),
    ("Push mid now.", _b(1, 0, _, True, 0.1)),
    ("Rush B immediately.", _b(1, 1, _, True, 0.1)),
    ("Hold the angle.", _b(0, 0, _, False, _)),
    ("Hold your position and wait for your teammates.", _b(0, 0, _, False, _)),
    ("Fall back to the site.", _b(-1, 1, _, False, 1.0)),
    ("Retreat from B.", _b(-1, -1, _, False, 1.0)),
    ("Play passively around the pillar.", _b(0, 0, _, False, _)),
    ("Plant the bomb.", _b(_, 1, _, _, _)),
    ("Stick the defuse.", _b(_, 1, _, _, _)),
    ("Rotate to B.", _b(_, 1, _, _, _)),
    ("Save the AWP.", _b(-1, -1, _, False, 1.0)),
    ("Swing wide and shoot first.", _b(1, _, _, True, 0.1)),
    ("Retake the site together.", _b(1, 1, _, True, 0.2)),
    ("Anchor B.", _b(0, 0, _, False, _)),
    ("Take mid control.", _b(1, 0, _, _, _)),
    ("Pick up the bomb.", _b(_, 1, _, _, _)),
    ("Leave the site.", _b(-1, -1, _, False, 1.0)),
    ("Peek long quickly.", _b(1, _, _, True, 0.1)),
    # negation
    ("Don't push.", _b(0, 0, _, False, _)),
    ("Do not peek.", _b(0, 0, _, False, 1.0)),
    ("Never push without a flash.", _b(0, 0, "", False, _)),
    ("Don’t fight, save the rifle.", _b(-1, -1, _, False, 1.0)),
    ("Hold, do not push.", _b(0, 0, _, False, _)),
    ("Avoid pushing and peeking.", _b(0, 0, _, False, 1.0)),
    ("Fall back instead of holding.", _b(-1, _, _, False, 1.0)),
    ("Rather than push, hold the site.", _b(0, 0, _, False, _)),
    ("Don't hesitate to push B.", _b(1, 1, _, True, 0.2)),
    ("There is no need to fight; stay hidden.", _b(0, 0, _, False, 1.0)),
    ("Don't retreat, hold the site.", _b(0, 0, _, False, _)),
    ("Don't throw the smoke yet, hold the corner.", _b(0, 0, "", False, _)),
    ("You cannot win this fight, fall back.", _b(-1, _, _, False, 1.0)),
    ("Stop pushing and hold the angle.", _b(0, 0, _, False, _)),
    # somebody else acts
    ("If they push, fall back.", _b(-1, _, _, False, 1.0)),
    ("They push B, so hold the angle.", _b(0, 0, _, False, _)),
    ("Let them come to you.", _b(0, 0, _, False, _)),
    ("Wait for them to push.", _b(0, 0, _, False, _)),
    ("Your teammates flash for you, push A.", _b(1, 1, _, True, 0.2)),
    ("Hold against the B push.", _b(0, 0, _, False, _)),
    ("Watch for a rush through the smoke.", _b(0, 0, _, False, _)),
    ("Hold the angle because they will rush.", _b(0, 0, _, False, _)),
    ("The enemy is saving, so push them.", _b(1, _, _, True, 0.2)),
    ("Expect an enemy pushing long; hold short.", _b(0, 0, _, False, _)),
    ("He will push, hold the crossfire.", _b(0, 0, _, False, _)),
    ("Stay and listen for the defuse.", _b(0, 0, _, False, _)),
    ("When they plant, retake.", _b(1, 1, _, True, 0.2)),
    # contingencies and fallbacks
    ("Hold the angle; otherwise retreat.", _b(0, 0, _, False, _)),
    ("Push B, if that fails fall back.", _b(1, 1, _, True, 0.2)),
    ("Hold the angle. If they push, fall back.", _b(0, 0, _, False, _)),
    ("Hold ramp and fall back if they push and plant.", _b(0, 0, _, False, _)),
    ("Push A. Fallback: rotate to B.", _b(1, 1, _, True, 0.2)),
    ("Hold or push.", _b(0, 0, _, False, _)),
    ("Hold this angle and push only with your teammates.", _b(0, 0, _, False, _)),
    ("Push A, or else save.", _b(1, 1, _, True, 0.2)),
    ("Hold the bomb site unless they rotate.", _b(0, 0, _, False, _)),
    # order
    ("Wait for the flash, then push A.", _b(1, 1, _, True, 0.5)),
    ("Smoke CT, then execute B.", _b(1, 1, "smoke", True, 0.5)),
    ("Once the smoke fades, push mid.", _b(1, 0, _, True, 0.5)),
    ("Push the site and hold it.", _b(1, 1, _, True, 0.2)),
    ("After throwing the flash, swing.", _b(1, _, "flash", True, 0.5)),
    ("Throw the molotov before pushing B.", _b(1, 1, "molotov", True, 0.5)),
    ("Hold until they come.", _b(0, 0, _, False, _)),
    # utility
    ("Molly the corner and flash over.", _b(_, _, "molotov flash", _, _)),
    ("Use your HE on the door.", _b(_, _, "he", _, _)),
    ("Throw the smoke grenade at window.", _b(_, _, "smoke", _, _)),
    ("Save your flash for later.", _b(_, _, "", _, _)),
    ("Push B dry.", _b(1, 1, "", True, 0.2)),
    ("Push through the smoke.", _b(1, _, _, True, 0.2)),
    ("Avoid their molotov and hold.", _b(0, 0, _, False, _)),
    ("Throw a decoy and rotate to A.", _b(_, 1, "decoy", _, _)),
    ("Use the incendiary to delay the push.", _b(_, _, "molotov", _, _)),
    ("Pop-flash and peek.", _b(1, _, "flash", True, 0.2)),
    # the bomb is not always "towards", a fire is not always a molotov
    ("Hold the crossfire on the bomb.", _b(0, 0, _, False, _)),
    ("Defend the bomb.", _b(0, 0, _, False, _)),
    ("Run away from the bomb.", _b(-1, -1, _, False, 1.0)),
    ("Open fire on the bomb carrier.", _b(_, _, _, True, 0.2)),
    # as models and players really write
    ("Push a flank through connector.", _b(1, _, _, True, 0.2)),
    ("A fast push is risky, so hold B.", _b(0, 0, _, False, _)),
    ("Fall back and hold ramp until your team rotates.", _b(-1, _, _, False, 1.0)),
    ("Do not let them plant; push B now.", _b(1, 1, _, True, 0.1)),
    ("Don't push or peek, just hold the angle.", _b(0, 0, _, False, 1.0)),
    ("Hold short, and if the smoke fades, re-peek.", _b(0, 0, _, False, _)),
    ("PUSH B NOW!", _b(1, 1, _, True, 0.1)),
    ("push b with smoke and flash", _b(1, 1, "smoke flash", True, 0.2)),
    ("You should not push alone, wait for your mates and then execute A.", _b(1, 1, _, True, 0.5)),
    ("Back up your teammate on B.", _b(_, _, _, _, _)),
    ("Without any utility, don't push.", _b(0, 0, "", False, _)),
    ("Your best option is to fall back to CT spawn.", _b(-1, _, _, False, 1.0)),
    ("The enemies are rushing B and planting, so rotate to B and retake.", _b(1, 1, _, True, 0.2)),
    ("Keep holding the angle but be ready to push.", _b(0, 0, _, False, _)),
    ("Flash for your teammate, who pushes A.", _b(_, _, "flash", _, _)),
    ("Play retake: fall back from B and save your molotov.", _b(-1, -1, "", False, 1.0)),
    ("Stay alive, do not take any fights, and save.", _b(-1, -1, _, False, 1.0)),
    ("Throw your molotov to stop the rush, then fall back.", _b(-1, _, "molotov", False, 1.0)),
    ("Hold the push off with HE grenades.", _b(0, 0, "he", False, _)),
    ("HOLD B AND DO NOT PEEK", _b(0, 0, _, False, 1.0)),
    ("Play aggressively, take information, and look for picks", _b(1, _, _, True, 0.2)),
    ("Play defensively and look for isolated enemies", _b(0, 0, _, False, _)),
    ("Play extremely passively and try to avoid direct engagements", _b(0, 0, _, False, 1.0)),
    ("Push aggressively - you have 3v2 numbers advantage", _b(1, _, _, True, 0.2)),
    ("Fall back to teammates and reposition", _b(-1, _, _, False, 1.0)),
    ("You have a flash and two smokes.", _b(_, _, _, _, _)),
    # nothing about play
    ("Think.", _b(_, _, _, _, _)),
    ("The economy is bad.", _b(_, _, _, _, _)),
)
