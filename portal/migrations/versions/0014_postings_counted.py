"""The postings of a project, to be counted: lists of entries look each posting up by its own id again."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_posting_of_project", table_name="posting")
    op.create_index("ix_posting_of_project", "posting", ["project_id"])


def downgrade() -> None:
    op.drop_index("ix_posting_of_project", table_name="posting")
    op.create_index("ix_posting_of_project", "posting", ["project_id", "id"])
