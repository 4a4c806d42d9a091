"""Reads of the job ledger, and who the admins are."""

from uuid import UUID

from django.db.models import Q, QuerySet

from apps.core.models import Job, User
from apps.core.roles import Role, has_role

# Who may see a queue's jobs: looking is free on what everybody uses, training is for researchers.
RESEARCH_QUEUES = ("train", "evaluate")


def active_admins() -> QuerySet[User]:
    """Everybody who can manage people now."""
    holds_it = Q(is_superuser=True) | Q(groups__name=Role.ADMIN)
    return User.objects.filter(pk__in=User.objects.filter(holds_it, is_active=True).values("pk"))


def locked_admins() -> set[int]:
    """The numbers of ``active_admins``, who stay so until the transaction ends.

    Read a second time once they are locked: PostgreSQL waits for another transaction that puts one of them out, but
    takes what lies behind the condition from before it.
    """
    list(active_admins().select_for_update().order_by("pk"))
    return set(active_admins().values_list("pk", flat=True))


def visible_jobs(user: User) -> QuerySet[Job]:
    """Jobs ``user`` may look at."""
    rows = Job.objects.select_related("created_by")
    if has_role(user, Role.RESEARCHER):
        return rows
    return rows.exclude(queue__in=RESEARCH_QUEUES)


def job(user: User, job_id: UUID) -> Job:
    """One visible job.

    Raises:
        Job.DoesNotExist: there is none, or it is not for this person.
    """
    return visible_jobs(user).get(pk=job_id)


def may_steer(user: User, row: Job) -> bool:
    """Whether ``user`` may cancel or retry: it is their own job, or they are an admin."""
    return row.created_by_id == user.pk or has_role(user, Role.ADMIN)
