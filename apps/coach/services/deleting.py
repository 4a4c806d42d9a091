"""Deletes a question with its frames, its answer and what was corrected in it."""

from apps.coach.models import Analysis, AnalysisStatus


def delete(analysis: Analysis) -> bool:
    """False while its answer is being written: whoever writes it would find no row."""
    rows = Analysis.objects.filter(pk=analysis.pk).exclude(status=AnalysisStatus.STREAMING)
    return bool(rows.delete()[0])  # signals remove the files
