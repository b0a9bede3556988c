"""The system roles in the reader's words."""

from flask_babel import gettext as _


def system_role_titles() -> dict[str, str]:
    """Titles of the system roles."""
    return {
        "people_admin": _("People administrator"),
        "author": _("Author of modules"),
        "auditor": _("Auditor"),
        "operator": _("Operator"),
    }


def system_role_duties() -> dict[str, str]:
    """What each system role allows."""
    return {
        "people_admin": _("Creates people, departments and projects; gives company roles."),
        "author": _("Writes forms and approval chains, checks and publishes modules."),
        "auditor": _("Reads every record and the audit trail; changes nothing."),
        "operator": _("Watches health and deliveries."),
    }


def action_titles() -> dict[str, str]:
    """What the audit trail calls acts, in the reader's words."""
    return {
        "company.set_up": _("set the portal up"),
        "company.edit": _("changed the company"),
        "person.create": _("created a person"),
        "person.edit": _("changed a person"),
        "person.profile": _("changed their profile"),
        "person.invite": _("made an invitation link"),
        "person.reset_asked": _("was asked for a password link"),
        "person.password": _("set a password"),
        "person.leave": _("let a person leave"),
        "person.return": _("let a person return"),
        "role.grant": _("gave a role"),
        "role.revoke": _("took a role away"),
        "department.create": _("created a department"),
        "department.edit": _("changed a department"),
        "project.create": _("created a project"),
        "project.edit": _("changed a project"),
        "project.member_add": _("added a member"),
        "project.member_remove": _("removed a member"),
        "session.open": _("signed in"),
        "session.refused": _("refused a sign-in"),
        "session.act_as": _("acted as somebody (demo)"),
        "outbox.again": _("retried a delivery"),
        "module.publish": _("published a module"),
        "record.file": _("saved a record"),
        "record.comment": _("wrote a comment"),
        "record.refused": _("sent fields that were refused"),
        "approval.start": _("sent for approval"),
        "approval.approve": _("approved"),
        "approval.reject": _("rejected"),
        "approval.return": _("returned"),
        "approval.resubmit": _("sent again"),
        "approval.withdraw": _("withdrew"),
        "approval.transfer": _("handed over"),
        "approval.edit": _("changed at a step"),
        "approval.assign": _("assigned somebody"),
    }
