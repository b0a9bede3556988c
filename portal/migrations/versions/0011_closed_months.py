"""The day up to which a project's months are closed; the day entries are booked on."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

LEDGERS = ("cost_entry", "funds_entry", "labor_entry", "progress_entry")


def upgrade() -> None:
    op.add_column("project", sa.Column("closed_until", sa.Date(), nullable=True))
    for ledger in LEDGERS:
        op.add_column(ledger, sa.Column("booked_on", sa.Date(), nullable=True))
        rows = sa.table(ledger, sa.column("booked_on"), sa.column("effective_on"))
        op.execute(rows.update().values(booked_on=rows.c.effective_on))
        with op.batch_alter_table(ledger) as table:
            table.alter_column("booked_on", existing_type=sa.Date(), nullable=False)


def downgrade() -> None:
    for ledger in LEDGERS:
        op.drop_column(ledger, "booked_on")
    op.drop_column("project", "closed_until")
