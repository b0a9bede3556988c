"""The purchase request behind a cost entry: what orders take of it is counted request by request."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("cost_entry") as table:
        table.add_column(sa.Column("request_id", sa.String(length=36), nullable=True))
        table.create_foreign_key(op.f("fk_cost_entry_request_id"), "record", ["request_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("cost_entry") as table:
        table.drop_constraint(op.f("fk_cost_entry_request_id"), type_="foreignkey")
        table.drop_column("request_id")
