"""Budgets spread over months, and by which column a project's budget control goes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cost_entry") as table:
        table.add_column(sa.Column("spread_from", sa.Date(), nullable=True))
        table.add_column(sa.Column("spread_until", sa.Date(), nullable=True))
    with op.batch_alter_table("project") as table:
        table.add_column(sa.Column("budget_basis", sa.String(length=41), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("project") as table:
        table.drop_column("budget_basis")
    with op.batch_alter_table("cost_entry") as table:
        table.drop_column("spread_until")
        table.drop_column("spread_from")
