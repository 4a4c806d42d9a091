"""Deletes a question with its frames, its answers and what was corrected in it."""

from django.db.models import Q

from apps.coach.models import Analysis, AnalysisStatus


def delete(analysis: Analysis) -> bool:
    """Of a comparison both go. False while an answer is being written: whoever writes it would find no row."""
    same = Q(pk=analysis.pk) if analysis.pair is None else Q(pair=analysis.pair)
    rows = Analysis.objects.filter(same, user_id=analysis.user_id)
    if rows.filter(status=AnalysisStatus.STREAMING).exists():
        return False
    return bool(rows.exclude(status=AnalysisStatus.STREAMING).delete()[0])  # signals remove the files
