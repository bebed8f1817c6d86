import pytest
from django.test import Client


def test_healthz_answers_without_a_database(client: Client) -> None:
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.django_db
def test_readyz_says_that_all_migrations_are_there(client: Client) -> None:
    response = client.get("/readyz")

    assert response.json() == {"database": "ok", "migrations": []}
    assert response.status_code == 200
