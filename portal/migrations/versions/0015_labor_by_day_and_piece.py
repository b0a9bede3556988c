"""Labor by the day and by the piece: days, quantity, and the unit a rate is paid for."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("labor_entry") as table:
        for name in ("days", "qty"):
            table.add_column(sa.Column(name, sa.BigInteger(), server_default="0", nullable=False))
        table.add_column(
            sa.Column("unit", sa.String(length=20), server_default="h", nullable=False)
        )


def downgrade() -> None:
    with op.batch_alter_table("labor_entry") as table:
        for name in ("unit", "qty", "days"):
            table.drop_column(name)
