"""What the builder keeps: edits, reviews, plans, pilots, switches; conversions; usage."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_day",
        sa.Column("form", sa.String(length=41), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("total_ms", sa.Integer(), nullable=False),
        sa.Column("most_ms", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("form", "release_id", "act", "day", name=op.f("pk_form_day")),
    )
    op.create_table(
        "module_switch",
        sa.Column("module", sa.String(length=41), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["module"], ["module.key"], name=op.f("fk_module_switch_module")),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name=op.f("fk_module_switch_project_id")
        ),
        sa.PrimaryKeyConstraint("module", "project_id", name=op.f("pk_module_switch")),
    )
    op.create_table(
        "conversion",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("module", sa.String(length=41), nullable=False),
        sa.Column("form", sa.String(length=41), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("states", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("cursor", sa.String(length=36), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.String(length=36), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=36), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["release_id"], ["module_release.id"], name=op.f("fk_conversion_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["started_by"], ["person.id"], name=op.f("fk_conversion_started_by")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_conversion_undone_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversion")),
    )
    op.create_index(op.f("ix_conversion_module"), "conversion", ["module"], unique=False)
    op.create_index(op.f("ix_conversion_state"), "conversion", ["state"], unique=False)
    op.create_table(
        "draft_edit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Text(), nullable=True),
        sa.Column("added", sa.Text(), nullable=True),
        sa.Column("person_id", sa.String(length=36), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("takes_back", sa.String(length=36), nullable=True),
        sa.Column("undone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_draft_edit_person_id")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["module_release.id"], name=op.f("fk_draft_edit_release_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_edit")),
        sa.UniqueConstraint("release_id", "number", name=op.f("uq_draft_edit_release_id_number")),
    )
    op.create_table(
        "draft_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(length=36), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewer_id", sa.String(length=36), nullable=False),
        sa.Column("verdict", sa.String(length=12), nullable=False),
        sa.Column("remark", sa.String(length=2000), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_draft_review_asked_by")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["module_release.id"], name=op.f("fk_draft_review_release_id")
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"], ["person.id"], name=op.f("fk_draft_review_reviewer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_review")),
    )
    op.create_index(
        op.f("ix_draft_review_release_id"), "draft_review", ["release_id"], unique=False
    )
    op.create_index(
        op.f("ix_draft_review_reviewer_id"), "draft_review", ["reviewer_id"], unique=False
    )
    op.create_table(
        "pilot",
        sa.Column("module", sa.String(length=41), nullable=False),
        sa.Column("project_id", sa.String(length=36), nullable=False),
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["module"], ["module.key"], name=op.f("fk_pilot_module")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"], name=op.f("fk_pilot_project_id")),
        sa.ForeignKeyConstraint(
            ["release_id"], ["module_release.id"], name=op.f("fk_pilot_release_id")
        ),
        sa.PrimaryKeyConstraint("module", "project_id", name=op.f("pk_pilot")),
    )
    op.create_table(
        "release_plan",
        sa.Column("release_id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("projects", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("planned_by", sa.String(length=36), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed", sa.String(length=500), nullable=False),
        sa.Column("failed_args", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["planned_by"], ["person.id"], name=op.f("fk_release_plan_planned_by")
        ),
        sa.ForeignKeyConstraint(
            ["release_id"], ["module_release.id"], name=op.f("fk_release_plan_release_id")
        ),
        sa.PrimaryKeyConstraint("release_id", name=op.f("pk_release_plan")),
    )
    op.create_index(op.f("ix_release_plan_at"), "release_plan", ["at"], unique=False)
    op.create_table(
        "converted_record",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("conversion_id", sa.String(length=36), nullable=False),
        sa.Column("record_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("why", sa.JSON(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after_revision", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversion_id"], ["conversion.id"], name=op.f("fk_converted_record_conversion_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_converted_record")),
        sa.UniqueConstraint(
            "conversion_id", "record_id", name=op.f("uq_converted_record_conversion_id_record_id")
        ),
    )
    op.create_index("ix_converted_record_record", "converted_record", ["record_id"], unique=False)
    op.create_table(
        "trusted_key",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("public_key", sa.String(length=200), nullable=False),
        sa.Column("added_by", sa.String(length=36), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_trusted_key_added_by")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_trusted_key")),
    )
    op.add_column(
        "company",
        sa.Column("second_author", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("company", "second_author")
    op.drop_table("trusted_key")
    op.drop_index("ix_converted_record_record", table_name="converted_record")
    op.drop_table("converted_record")
    op.drop_index(op.f("ix_release_plan_at"), table_name="release_plan")
    op.drop_table("release_plan")
    op.drop_table("pilot")
    op.drop_index(op.f("ix_draft_review_reviewer_id"), table_name="draft_review")
    op.drop_index(op.f("ix_draft_review_release_id"), table_name="draft_review")
    op.drop_table("draft_review")
    op.drop_table("draft_edit")
    op.drop_index(op.f("ix_conversion_state"), table_name="conversion")
    op.drop_index(op.f("ix_conversion_module"), table_name="conversion")
    op.drop_table("conversion")
    op.drop_table("module_switch")
    op.drop_table("form_day")
