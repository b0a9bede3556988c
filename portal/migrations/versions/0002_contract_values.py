"""The funds ledger learns what contracts are worth: as signed, and by approved changes."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE, NAME = "funds_entry", "ck_funds_entry_stage"
BEFORE = (
    "stage IN ('claim', 'certified', 'advance', 'advance_recovery', 'retention_hold', "
    "'retention_release', 'deduction', 'cash')"
)
AFTER = (
    "stage IN ('contract', 'contract_change', 'claim', 'certified', 'advance', "
    "'advance_recovery', 'retention_hold', 'retention_release', 'deduction', 'cash')"
)


def upgrade() -> None:
    _allow(AFTER)


def downgrade() -> None:
    op.execute("DELETE FROM funds_entry WHERE stage IN ('contract', 'contract_change')")
    _allow(BEFORE)


def _allow(stages: str) -> None:
    """Change the list of stages; SQLite makes the table anew for it."""
    with op.batch_alter_table(TABLE) as table:
        table.drop_constraint(op.f(NAME), type_="check")
        table.create_check_constraint(op.f(NAME), stages)
