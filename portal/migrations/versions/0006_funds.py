"""Funds: plans, invoices, deposits and transfers; accounts, payees and what money settles."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = (
    "contract", "contract_change", "claim", "certified", "advance", "advance_recovery",
    "retention_hold", "retention_release", "deduction", "cash",
)  # fmt: skip
NEW = ("plan", "invoiced", "deposit", "transfer")
LINKS = ("worker_id", "team_id", "account_id", "settles_id")
OF_A_CONTRACT = (
    "contract_id IS NOT NULL OR stage NOT IN "
    "('contract', 'contract_change', 'retention_hold', 'retention_release')"
)


def upgrade() -> None:
    with op.batch_alter_table("funds_entry") as table:
        for name in LINKS:
            table.add_column(sa.Column(name, sa.String(length=36), nullable=True))
            table.create_foreign_key(op.f(f"fk_funds_entry_{name}"), "record", [name], ["id"])
        table.add_column(sa.Column("category", sa.String(length=40), nullable=True))
        table.drop_constraint(op.f("ck_funds_entry_stage"), type_="check")
        table.create_check_constraint(
            op.f("ck_funds_entry_stage"), f"stage IN ({_listed((*BEFORE, *NEW))})"
        )
        table.create_check_constraint(op.f("ck_funds_entry_contract"), OF_A_CONTRACT)


def downgrade() -> None:
    op.execute("DELETE FROM funds_entry WHERE stage IN ('plan', 'invoiced', 'deposit', 'transfer')")
    with op.batch_alter_table("funds_entry") as table:
        table.drop_constraint(op.f("ck_funds_entry_contract"), type_="check")
        table.drop_constraint(op.f("ck_funds_entry_stage"), type_="check")
        table.create_check_constraint(op.f("ck_funds_entry_stage"), f"stage IN ({_listed(BEFORE)})")
        table.drop_column("category")
        for name in LINKS:
            table.drop_constraint(op.f(f"fk_funds_entry_{name}"), type_="foreignkey")
            table.drop_column(name)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{one}'" for one in words)
