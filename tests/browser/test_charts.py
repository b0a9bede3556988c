"""Charts answer the pointer; without a script, on paper and when heard, the drawing stands."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.acting import sign_in_by_card
from tests.browser.conftest import NewPage
from tests.browser.servers import Server
from tests.browser.watching import axe, picture

EARNED = "/projects/HB01/progress/earned"
COST = "/projects/HB01/cost"
PHONE = {"width": 390, "height": 844}

# What can be read on a canvas now.
TEXTS = """canvas => window.echarts.getInstanceByDom(canvas).getZr().storage.getDisplayList(true)
    .map(one => one.style.text).filter(Boolean)"""
# Where a point stands on its canvas: the last one that leads somewhere.
PLACE = """(canvas, key) => {
    const chart = window.echarts.getInstanceByDom(canvas);
    const series = JSON.parse(canvas.closest('[data-chart]').dataset.chart).series;
    const point = series.find(one => one.key === key).points.findLast(one => one.href);
    const across = [Date.parse(point.x), point.y], down = [point.y, point.x];
    const [x, y] = chart.convertToPixel({seriesId: key}, isNaN(point.x) ? across : down);
    return {...point, x, y};
}"""
SIGHT = """canvas => {
    const [zoom] = window.echarts.getInstanceByDom(canvas).getOption().dataZoom;
    return Math.round(zoom.end - zoom.start);
}"""


def chart(page: Page) -> Locator:
    """The first chart of the page, drawn."""
    place = page.locator(".chart-canvas").first
    page.locator("[data-chart]").first.scroll_into_view_if_needed()
    expect(place.locator("canvas").first).to_be_visible()
    return place


def texts(place: Locator) -> list[str]:
    found: list[str] = place.evaluate(TEXTS)
    return found


@pytest.mark.parametrize(
    ("path", "language"),
    [
        (EARNED, "en"),
        (EARNED, "zh"),
        ("/projects/HB01/funds/plan", "zh"),
        ("/cash", "en"),
        (COST, "en"),
        (COST, "zh"),
        ("/projects/HB01/progress/resources", "en"),
        ("/projects/HB01/progress/simulation", "zh"),
    ],
)
def test_a_chart_replaces_the_drawing_and_breaks_no_policy(
    demo_server: Server, new_page: NewPage, path: str, language: str
) -> None:
    page = new_page(demo_server, language)
    sign_in_by_card(page, "lin.hai")
    page.goto(path)
    place = chart(page)
    drawing = page.locator("[data-chart] svg[role=img]").first
    assert drawing.bounding_box() != place.bounding_box()
    assert axe(page) == []
    name = path.strip("/").replace("/", "-")
    picture(page, f"chart-{name}-{language}")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    expect(place).to_have_js_property("scrollWidth", place.evaluate("box => box.clientWidth"))
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width == PHONE["width"]
    picture(page, f"chart-{name}-{language}-phone")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_tooltip_tells_what_the_table_says(
    demo_server: Server, new_page: NewPage, language: str
) -> None:
    page = new_page(demo_server, language)
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    place = chart(page)
    row = page.locator("table tbody tr", has=page.locator("td.num a")).last
    cells = [one.strip() for one in row.locator("td").all_inner_texts()]
    point = place.evaluate(PLACE, "planned")
    assert cells[1] == point["shown"]
    assert cells[1] not in texts(place)
    place.hover(position={"x": point["x"] - 3, "y": point["y"] + 40})
    place.page.wait_for_function(
        f"([canvas, text]) => ({TEXTS})(canvas).includes(text)",
        arg=[place.element_handle(), cells[1]],
    )
    assert cells[0] in texts(place)


def test_the_legend_switches_lines_off_and_on_by_keyboard(
    demo_server: Server, new_page: NewPage
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    place = chart(page)
    assert "Spent (AC)" in texts(place)
    button = page.get_by_role("button", name="Spent (AC)")
    for pressed in ("false", "true"):
        button.press("Enter")
        expect(button).to_have_attribute("aria-pressed", pressed)
        page.wait_for_function(
            f"([canvas, on]) => ({TEXTS})(canvas).includes('Spent (AC)') === on",
            arg=[place.element_handle(), pressed == "true"],
        )


@pytest.mark.parametrize(
    ("path", "key"), [(EARNED, "planned"), (EARNED, "spent"), ("/cash", "future"), (COST, "actual")]
)
def test_a_click_on_a_point_leads_where_its_figure_leads(
    demo_server: Server, new_page: NewPage, path: str, key: str
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(path)
    place = chart(page)
    point = place.evaluate(PLACE, key)
    assert page.locator(f'main table a[href="{point["href"]}"]').count()
    place.click(position={"x": point["x"] - 2, "y": point["y"] + 2})
    page.wait_for_url(f"**{point['href']}")
    assert urlsplit(page.url).path != path


def test_the_first_touch_tells_and_the_second_leads(demo_server: Server, new_page: NewPage) -> None:
    page = new_page(demo_server, touch=True)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    place = chart(page)
    point = place.evaluate(PLACE, "planned")
    spot = {"x": point["x"] - 2, "y": point["y"]}
    place.tap(position=spot)  # type: ignore[arg-type]
    page.wait_for_function(
        f"([canvas, text]) => ({TEXTS})(canvas).includes(text)",
        arg=[place.element_handle(), point["shown"]],
    )
    assert urlsplit(page.url).path == EARNED
    place.tap(position=spot)  # type: ignore[arg-type]
    page.wait_for_url(f"**{point['href']}")


def test_the_wheel_with_ctrl_zooms_and_without_scrolls(
    demo_server: Server, new_page: NewPage
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    place = chart(page)
    place.hover()
    page.mouse.wheel(0, -300)
    page.mouse.wheel(0, 300)
    assert place.evaluate(SIGHT) == 100
    place.hover()
    page.keyboard.down("Control")
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"canvas => ({SIGHT})(canvas) < 100", arg=place.element_handle())
    page.keyboard.up("Control")


def test_colors_follow_the_theme_and_what_was_switched_off_stays_so(
    demo_server: Server, new_page: NewPage
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    place = chart(page)
    page.get_by_role("button", name="Spent (AC)").click()
    color = "c => window.echarts.getInstanceByDom(c).getOption().series[0].color"
    light = place.evaluate(color)
    page.evaluate("document.documentElement.dataset.bsTheme = 'dark'")
    page.wait_for_function(
        f"([canvas, was]) => ({color})(canvas) !== was", arg=[place.element_handle(), light]
    )
    assert "Spent (AC)" not in texts(place)


def test_a_chart_that_comes_with_a_fragment_is_drawn(
    demo_server: Server, new_page: NewPage
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(EARNED)
    chart(page)
    page.evaluate(
        "url => htmx.ajax('GET', url, {target: '#_curve', select: '#_curve', swap: 'outerHTML'})",
        f"{EARNED}?period=week",
    )
    expect(page.locator("#_curve [data-chart]:not(.is-drawn)")).to_have_count(0)
    assert "Planned (PV)" in texts(chart(page))


def test_without_its_library_the_drawing_stays(demo_server: Server, new_page: NewPage) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.route("**/echarts*", lambda route: route.fulfill(content_type="text/javascript", body=""))
    with page.expect_response("**/echarts*"):
        page.goto(EARNED)
    _is_large(page)
    assert page.locator(".chart-canvas").count() == 0


@pytest.mark.parametrize("path", [EARNED, "/cash"])
def test_paper_and_readers_without_script_get_the_drawing(
    demo_server: Server, new_page: NewPage, path: str
) -> None:
    page = new_page(demo_server)
    sign_in_by_card(page, "lin.hai")
    page.goto(path)
    place = chart(page)
    page.emulate_media(media="print")
    expect(place).to_be_hidden()
    _is_large(page)
    plain = new_page(demo_server, script=False)
    sign_in_by_card(plain, "lin.hai")
    plain.goto(path)
    assert plain.locator("canvas").count() == 0
    _is_large(plain)


def _is_large(page: Page) -> None:
    box = page.locator("[data-chart] svg[role=img]").first.bounding_box()
    assert box is not None
    assert box["width"] > 500
