"""Four roles, each holding all of the one before."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from apps.core.models import User
from apps.core.roles import ORDER, Role, has_role, role_of

pytestmark = pytest.mark.django_db


def test_the_migration_made_the_groups() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {role.value for role in Role}


@pytest.mark.parametrize("held", ORDER)
@pytest.mark.parametrize("asked", ORDER)
def test_a_role_holds_what_lies_below_it(make_user: Callable[..., User], held: Role, asked: Role) -> None:
    assert has_role(make_user(held.value), asked) is (ORDER.index(held) >= ORDER.index(asked))


def test_nobody_and_the_roleless_hold_none(make_user: Callable[..., User]) -> None:
    for user in (AnonymousUser(), make_user(None)):
        assert role_of(user) is None
        assert not has_role(user, Role.VIEWER)


def test_an_inactive_person_holds_none(make_user: Callable[..., User]) -> None:
    user = make_user("admin")
    user.is_active = False
    assert role_of(user) is None


def test_of_several_roles_the_highest_counts(make_user: Callable[..., User]) -> None:
    user = make_user("viewer")
    user.groups.add(Group.objects.get(name="researcher"))
    assert role_of(user) is Role.RESEARCHER


def test_a_superuser_holds_all_without_a_group(make_user: Callable[..., User]) -> None:
    user = make_user(None)
    user.is_superuser = True
    assert role_of(user) is Role.ADMIN
