"""Row-level security for proposals; and what was sent stays as it was sent."""

from django.db import migrations

from penstock.users import walls

#: Figures of lines of a sent version; its texts can still be emptied.
LINE_FIXED = """
CREATE FUNCTION sales_proposalline_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version_of bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.version_id ELSE NEW.version_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM public.sales_proposalversion v
               WHERE v.id IN (version_of, CASE WHEN TG_OP = 'INSERT' THEN version_of ELSE OLD.version_id END)
                 AND v.sent_at IS NOT NULL) THEN
        IF TG_OP = 'UPDATE' AND
           (OLD.version_id, OLD.mark, OLD.position, OLD.product_id, OLD.unit, OLD.quantity, OLD.unit_price,
            OLD.discount_share, OLD.tax_share, OLD.hours, OLD.is_optional) IS NOT DISTINCT FROM
           (NEW.version_id, NEW.mark, NEW.position, NEW.product_id, NEW.unit, NEW.quantity, NEW.unit_price,
            NEW.discount_share, NEW.tax_share, NEW.hours, NEW.is_optional) THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION 'a version that was sent keeps its lines'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_proposalline_fixed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER sales_proposalline_fixed BEFORE INSERT OR UPDATE OR DELETE ON sales_proposalline
    FOR EACH ROW EXECUTE FUNCTION sales_proposalline_fixed();
"""

VERSION_FIXED = """
CREATE FUNCTION sales_proposalversion_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.sent_at IS NOT NULL AND (TG_OP = 'DELETE' OR
       (OLD.proposal_id, OLD.number, OLD.sent_at, OLD.net, OLD.tax, OLD.valid_until) IS DISTINCT FROM
       (NEW.proposal_id, NEW.number, NEW.sent_at, NEW.net, NEW.tax, NEW.valid_until)) THEN
        RAISE EXCEPTION 'a version that was sent stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_proposalversion_fixed';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER sales_proposalversion_fixed BEFORE UPDATE OR DELETE ON sales_proposalversion
    FOR EACH ROW EXECUTE FUNCTION sales_proposalversion_fixed();
"""

DOCUMENT_FIXED = """
CREATE FUNCTION sales_proposaldocument_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.sha256 <> NEW.sha256 OR OLD.version_id <> NEW.version_id
       OR (NEW.data <> OLD.data AND length(NEW.data) > 0) THEN
        RAISE EXCEPTION 'the document of a version that was sent stays as it is'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sales_proposaldocument_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sales_proposaldocument_fixed BEFORE UPDATE OR DELETE ON sales_proposaldocument
    FOR EACH ROW EXECUTE FUNCTION sales_proposaldocument_fixed();
"""


def _undo(table: str) -> str:
    return f"DROP TRIGGER {table}_fixed ON {table}; DROP FUNCTION {table}_fixed();"


class Migration(migrations.Migration):
    """Build the walls, and fix what was sent."""

    dependencies = [
        ("sales", "0005_proposals"),
        ("users", "0002_walls"),
        ("contacts", "0003_walls"),
        ("catalog", "0003_walls"),
        ("flow", "0003_walls"),
    ]

    operations = [
        walls.Wall(
            "Proposal",
            "ProposalVersion",
            "ProposalLine",
            "ProposalEvent",
            "ProposalNote",
            "ProposalLink",
            "ProposalDocument",
            "ProposalSettings",
            "ProposalTemplate",
        ),
        migrations.RunSQL(LINE_FIXED, _undo("sales_proposalline")),
        migrations.RunSQL(VERSION_FIXED, _undo("sales_proposalversion")),
        migrations.RunSQL(DOCUMENT_FIXED, _undo("sales_proposaldocument")),
    ]
