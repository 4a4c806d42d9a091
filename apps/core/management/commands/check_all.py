import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.core.launch import checks
from apps.core.launch.problem import LaunchProblem


class Command(BaseCommand):
    help = "Runs every check (import rules, style, types, templates, migrations) and sums up at the end."
    requires_system_checks = []

    def handle(self, **options: object) -> None:
        try:
            outcomes = [self._shown(outcome) for outcome in checks.run(settings.BASE_DIR, self._all())]
        except LaunchProblem as problem:
            raise CommandError(str(problem)) from problem
        failed = [outcome.name for outcome in outcomes if not outcome.passed]
        if failed:
            raise CommandError(f"{len(failed)} of {len(outcomes)} checks failed: {', '.join(failed)}.")
        self.stdout.write(f"All {len(outcomes)} checks passed.")

    def _all(self) -> list[checks.Check]:
        return checks.all_checks(settings.BASE_DIR)

    def _shown(self, outcome: checks.Outcome) -> checks.Outcome:
        mark = "ok    " if outcome.passed else "FAILED"
        self.stdout.write(f"{mark} {outcome.name} ({outcome.seconds:.1f} s)")
        if not outcome.passed:
            self.stdout.write(outcome.output + "\n")
        sys.stdout.flush()
        return outcome
