"""What is plugged in where: the areas, and the registries by which lower rooms reach upward."""

from flask import Flask

from portal.web.area import Area


def areas() -> list[Area]:
    """Every area of the portal; adding a page's area here makes it reachable."""
    from portal.accounts.routes import area as accounts
    from portal.admin.routes import area as admin
    from portal.approvals.routes import area as approvals
    from portal.books.routes import area as books
    from portal.builder.routes import area as builder
    from portal.costs.routes import area as costs
    from portal.drafting.routes import area as drafting
    from portal.foresight.routes import area as foresight
    from portal.funds.routes import area as funds
    from portal.handbook.routes import area as handbook
    from portal.health.routes import area as health
    from portal.home.routes import area as home
    from portal.labor.routes import area as labor
    from portal.masters.routes import area as masters
    from portal.notify.routes import area as notify
    from portal.portfolio.routes import area as portfolio
    from portal.progress.routes import area as progress
    from portal.projects.routes import area as projects
    from portal.quality.routes import area as quality
    from portal.records.routes import area as records
    from portal.search.routes import area as search
    from portal.web.routes import area as web
    from portal.weekly.routes import area as weekly

    figures = [costs, funds, labor, progress, foresight, books, drafting, health, quality, weekly]
    everyday = [records, masters, approvals, notify, home, search, handbook]
    return [web, accounts, projects, admin, builder, *everyday, *figures, portfolio]


def wire(app: Flask) -> None:
    """Fill the registries."""
    from portal import mailing, shelling, ticking
    from portal.accounts import demo as cast
    from portal.accounts import leaving, rolebook, sessions, starters
    from portal.admin import next_steps, tiles
    from portal.approvals import filling, panels, steps, voiding
    from portal.approvals import queries as approval_queries
    from portal.approvals import services as approvals
    from portal.audit import services as audit
    from portal.builder import cards as builder_cards
    from portal.builder import record_panel, shipped
    from portal.builder import words as builder
    from portal.costs import control
    from portal.currencies import refusing as currencies
    from portal.definitions import cases, dependents
    from portal.definitions import services as publishing
    from portal.demo import cards as demo_cards
    from portal.demo import trying
    from portal.drafting import awards
    from portal.drafting import panels as award_panels
    from portal.handbook import places as help_places
    from portal.health import places as health_places
    from portal.health import services as health_services
    from portal.home import routes as home
    from portal.labor import panels as labor_panels
    from portal.labor import prices as piece_prices
    from portal.labor import services as labor
    from portal.ledgers import lines as posted_lines
    from portal.ledgers import periods
    from portal.ledgers import queries as ledger_queries
    from portal.ledgers import services as ledgers
    from portal.masters import panels as keeping
    from portal.notify import services as notify
    from portal.portfolio import places
    from portal.printing import services as printing
    from portal.progress import judging, undecided
    from portal.progress import panels as plan_panels
    from portal.projects import queries as projects
    from portal.projects import services as project_services
    from portal.records import counts, exporting, feedback, standing, transitions, views
    from portal.records import printing as record_printing
    from portal.records.entry import upward
    from portal.records.routes.area import register_list_links, register_panels
    from portal.reports import workbook
    from portal.usage import counting as usage
    from portal.web import refusals, shell
    from portal.weekly import routes as weekly_routes
    from portal.weekly import services as weekly

    standing.register(app)
    feedback.register(app)
    refusals.register_keeper(audit.keep_refusals)
    sessions.register(app)
    sessions.register_memberships(projects.memberships_of)
    rolebook.register_roles(shelling.declared_roles)
    leaving.register_leaver(approval_queries.open_tasks_of)
    leaving.register_departure(approvals.vacate)
    views.register_field_rights(steps.rights)
    register_panels(panels.of_record)
    register_panels(panels.voiding)
    register_panels(record_panel.of_record)
    register_panels(plan_panels.of_record)
    register_panels(labor_panels.of_record)
    register_panels(award_panels.of_record)
    register_panels(weekly_routes.panel)
    register_panels(keeping.of_record)
    register_list_links(keeping.of_list)
    record_printing.register_printer(printing.print_record)
    exporting.register_exporter(workbook.workbook_bytes)
    upward.register_submitter(approvals.submit)
    upward.register_seats(filling.find_seat, filling.edit_at_seat)
    upward.register_chain_preview(filling.expected_chain)
    upward.register_return_teller(filling.last_return)
    transitions.register_handler(periods.on_transition, periods.on_transitions)
    transitions.register_handler(labor.on_transition)
    transitions.register_handler(ledgers.on_transition, ledgers.on_transitions)
    voiding.register_companions(labor.companions)
    voiding.register_follower(voiding.Follower(labor.repriced, labor.moves, labor.work_out))
    transitions.register_handler(control.on_transition)
    transitions.register_handler(weekly.on_transition)
    transitions.register_handler(awards.on_transition)
    transitions.register_handler(health_services.stirred.note)
    transitions.register_handler(judging.on_transition, judging.on_transitions)
    transitions.register_handler(piece_prices.on_transition)
    transitions.register_handler(currencies.on_transition)
    transitions.register_handler(undecided.on_transition)
    cases.set_posting_preview(posted_lines.lines)
    places.register()
    health_places.register()
    starters.register_starters(shipped.offers, shipped.publish_chosen)
    project_services.register_use(ledger_queries.has_entries)
    tiles.register_tile(
        tiles.Tile(
            "builder.modules", builder.tile_title, builder.tile_text, "package",
            ("author", "auditor"), 35,
        )
    )  # fmt: skip
    publishing.set_open_records(counts.open_by_release)
    dependents.set_used_releases(counts.used_releases)
    shell.register_provider(shelling.fill)
    cast.register_cast(demo_cards.cast)
    home.register_card(trying.card)
    home.register_card(next_steps.card)
    home.register_card(builder_cards.card)
    home.register_card(health_places.card)
    trying.watch(app)
    help_places.register(app)
    usage.register(app)
    notify.register_mailer(mailing.mail_notice)
    ticking.bind_mail(app.extensions["settings"])
