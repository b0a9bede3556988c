"""The system roles in the reader's words."""

from portal.web.words import gettext as _


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
        "project.cost_freeze": _("froze the cost sheet"),
        "project.baseline_freeze": _("froze the plan as a baseline"),
        "record.figures_frozen": _("froze the figures of a report"),
        "record.budget_passed": _("let a record pass beyond a budget"),
        "session.open": _("signed in"),
        "session.refused": _("refused a sign-in"),
        "session.act_as": _("acted as somebody (demo)"),
        "outbox.again": _("retried a delivery"),
        "module.create": _("began a module"),
        "module.publish": _("published a module"),
        "module.discard": _("threw a draft of a module away"),
        "module.enable": _("switched a module on"),
        "module.disable": _("switched a module off"),
        "module.package": _("signed a package of a module"),
        "module.import": _("took a package of a module in"),
        "module.take_over": _("took over what came with the portal"),
        "key.make": _("made the key for packages"),
        "key.trust": _("trusted a key for packages"),
        "key.distrust": _("trusted a key for packages no longer"),
        "module.switch_in_project": _("switched a module in one project"),
        "module.pilot": _("changed the projects of a pilot"),
        "module.pilot_end": _("took a pilot back"),
        "module.promote": _("let a pilot out to everybody"),
        "module.plan": _("set a time for a release"),
        "module.plan_cancel": _("took a planned release back"),
        "module.plan_failed": _("could not publish at the set time"),
        "module.review_asked": _("asked for a look at a draft"),
        "module.review": _("looked at a draft"),
        "module.review_named": _("named who had looked at a release"),
        "conversion.start": _("began to move stored records"),
        "conversion.end": _("moved stored records"),
        "conversion.undo": _("began to take a move of records back"),
        "conversion.undone": _("took a move of records back"),
        "record.file": _("saved a record"),
        "record.void": _("voided a record"),
        "record.retire": _("took an entry out of use"),
        "record.reinstate": _("took an entry back into use"),
        "record.merge": _("merged an entry into another"),
        "record.unmerge": _("took a merge back"),
        "record.told_apart": _("told two entries apart"),
        "record.suspected": _("took back that two entries are different"),
        "record.reprice": _("worked a record out anew"),
        "wages.bank_file": _("took the bank file of wages"),
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
        "approval.carry": _("moved to another release"),
        "approval.assign": _("assigned somebody"),
        "approval.refresh": _("looked for people again"),
        "approval.terminate": _("ended an approval"),
        "approval.vacate": _("left a seat"),
    }


def detail_titles() -> dict[str, str]:
    """What the details of an act are called; `module.sha256` is `sha256` of acts on modules."""
    return {
        "address": _("address"),
        "reason": _("reason"),
        "snapshot": _("frozen figures"),
        "payees": _("payees"),
        "into": _("merged into"),
        "budget_basis": _("what its budget is controlled by"),
        "other": _("the other entry"),
        "events": _("events"),
        "revision": _("version"),
        "sha256": _("record hash"),
        "head": _("head of the chain"),
        "parent": _("belongs to"),
        "name": _("name"),
        "code": _("code"),
        "login": _("sign-in name"),
        "role": _("role"),
        "roles": _("roles"),
        "kind": _("kind of role"),
        "person": _("person"),
        "fields": _("fields"),
        "currency": _("currency"),
        "zone": _("time zone"),
        "language": _("language"),
        "open_tasks": _("open tasks"),
        "head_of": _("head of"),
        "release": _("release"),
        "calendar": _("working days"),
        "count": _("how many"),
        "conversion": _("job"),
        "records": _("records"),
        "carried": _("moved"),
        "left": _("left as they were"),
        "demo": _("demo company"),
        "department.head": _("head"),
        "department_id": _("department"),
        "email": _("e-mail"),
        "ends_on": _("end date"),
        "external": _("external"),
        "form": _("form"),
        "key": _("signed with the key"),
        "module.sha256": _("fingerprint"),
        "phone": _("phone"),
        "project_id": _("project"),
        "real": _("in truth"),
        "starts_on": _("start date"),
        "status": _("status"),
        "title": _("position"),
    }


def object_kinds() -> dict[str, str]:
    """Kinds of things acts are done on, where a name is not known."""
    return {
        "company": _("company"),
        "department": _("department"),
        "key": _("key for packages"),
        "module": _("module"),
        "outbox": _("delivery"),
        "person": _("person"),
        "project": _("project"),
        "record": _("record"),
    }


def event_titles() -> dict[str, str]:
    """What happened in an approval, a word each."""
    return {
        "started": _("sent"),
        "resubmitted": _("sent again"),
        "chosen": _("way chosen"),
        "entered": _("step begun"),
        "voted": _("decided"),
        "closed": _("step closed"),
        "copied": _("copy sent"),
        "skipped": _("step skipped"),
        "returned": _("returned"),
        "restarted": _("begun anew"),
        "edited": _("changed"),
        "carried": _("moved to another release"),
        "transferred": _("handed over"),
        "seated": _("assigned"),
        "vacated": _("seat left empty"),
        "stalled": _("stuck"),
        "held": _("held"),
        "withdrawn": _("withdrawn"),
        "ended": _("ended"),
    }


def delivery_kinds() -> dict[str, str]:
    """What is delivered outside."""
    return {"mail": _("Mail")}


def delivery_problems() -> dict[str, str]:
    """Why a delivery failed, by the name of the error that is kept."""
    return {
        "ConnectionRefusedError": _("The mail server refuses connections."),
        "TimeoutError": _("The mail server does not answer in time."),
        "gaierror": _("The mail server's name is not known."),
        "SMTPServerDisconnected": _("The mail server broke the connection off."),
        "SMTPAuthenticationError": _("The mail server refused the portal's sign-in."),
        "SMTPRecipientsRefused": _("The mail server does not take mail for this address."),
        "SMTPSenderRefused": _("The mail server does not take mail from MAIL_FROM."),
        "SSLCertVerificationError": _("The mail server's certificate could not be verified."),
        "PasswordInTheOpen": _("The mail server offers no encryption; no password was sent."),
        "NothingDelivers": _("This process delivers nothing of this kind."),
    }
