"""Who an invitation takes in."""

import pytest

from penstock.base.errors import Conflict
from penstock.users import members
from penstock.users.models import Account, Member, Role
from tests import make

pytestmark = pytest.mark.django_db


def test_invite_makes_an_account_without_password() -> None:
    workspace = make.workspace()

    member = members.invite(
        workspace, email="New@Example.test", name="", role=Role.REP, by=make.owner_of(workspace)
    )

    assert member.account is not None
    assert member.account.email == "new@example.test"
    assert not member.account.has_usable_password()


def test_invite_refuses_an_account_whose_address_nobody_confirmed() -> None:
    workspace = make.workspace()
    squatter = Account.objects.create_user("dan@example.test", "secret")

    with pytest.raises(Conflict) as refusal:
        members.invite(
            workspace,
            email=squatter.email,
            name="Carol",
            role=Role.MANAGER,
            by=make.owner_of(workspace),
        )

    assert refusal.value.code == "users.address_unconfirmed"
    assert not Member.objects.filter(account=squatter).exists()


def test_invite_takes_in_an_account_with_a_confirmed_address() -> None:
    workspace = make.workspace()
    account = make.account("Carol")

    member = members.invite(
        workspace, email=account.email, name="", role=Role.REP, by=make.owner_of(workspace)
    )

    assert member.account == account
