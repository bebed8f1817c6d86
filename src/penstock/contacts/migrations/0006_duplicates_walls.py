"""Walls of the new tables, keys of the new columns, and the pieces of what is here already."""

from django.db import migrations

from penstock.analytics import spelling
from penstock.users import walls

N_AT_ONCE = 5000


def cut(apps, _schema_editor):
    """Write the pieces of the companies and people that are here already."""
    company, person = apps.get_model("contacts", "Company"), apps.get_model("contacts", "Person")
    _cut(
        company.objects.filter(withdrawn_at=None),
        apps.get_model("contacts", "CompanyToken"),
        "company_id",
        spelling.company_words,
        lambda row: {"d": spelling.domain(row.domain)},
    )
    _cut(
        person.objects.filter(withdrawn_at=None, erased_at=None),
        apps.get_model("contacts", "PersonToken"),
        "person_id",
        spelling.person_words,
        lambda row: {"e": spelling.mailbox(row.email), "p": spelling.phone(row.phone)},
    )


def _cut(rows, token, key, words_of, addresses_of):
    made = []
    for row in rows.iterator(chunk_size=N_AT_ONCE):
        common = {key: row.pk, "workspace_id": row.workspace_id}
        words = words_of(row.name)
        grams = spelling.trigrams(words)
        pieces = [("g", gram) for gram in grams] + [("b", band) for band in spelling.bands(grams)]
        if grams:
            pieces.append(("n", " ".join(words)[:250]))
        made += [token(kind=kind, text=text, n_grams=len(grams), **common) for kind, text in pieces]
        made += [
            token(kind=kind, text=text[:250], **common)
            for kind, text in addresses_of(row).items()
            if text
        ]
        if len(made) > N_AT_ONCE:
            token.objects.bulk_create(made)
            made = []
    token.objects.bulk_create(made)


def key(table):
    """The key of a merged record, carrying the workspace like all others."""
    return (
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_merged_into_id_same_workspace" '
        f'FOREIGN KEY (workspace_id, merged_into_id) REFERENCES "{table}" (workspace_id, id) '
        "DEFERRABLE INITIALLY DEFERRED"
    )


class Migration(migrations.Migration):
    """Build walls, then cut names into pieces."""

    dependencies = [
        ("contacts", "0005_duplicates"),
        ("users", "0002_walls"),
    ]

    operations = [
        walls.Wall("CompanyToken", "PersonToken", "Merge", "Apart"),
        migrations.RunSQL(key("contacts_company"), migrations.RunSQL.noop),
        migrations.RunSQL(key("contacts_person"), migrations.RunSQL.noop),
        migrations.RunPython(cut, migrations.RunPython.noop),
    ]
