"""What a list counts and sums is read from an index alone, not from the records' wide rows."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLE, BEFORE, AFTER = "record", "ix_record_of_person", "ix_record_counted"
KEYS = ["form", "requester_id", "id"]
COUNTED = ["state", "project_id", "amount", "currency"]


def upgrade() -> None:
    op.create_index(AFTER, TABLE, KEYS + COUNTED, unique=False)
    op.drop_index(BEFORE, table_name=TABLE)


def downgrade() -> None:
    op.create_index(BEFORE, TABLE, KEYS, unique=False)
    op.drop_index(AFTER, table_name=TABLE)
