"""The postings of a project in their order: whether figures kept in memory still hold."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_posting_of_project", "posting", ["project_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_posting_of_project", table_name="posting")
