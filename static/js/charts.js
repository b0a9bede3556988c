// Charts that answer the pointer, in the place of what the server drew. The drawing stays in the page: for paper,
// for who hears it, and for who runs no script.
// Hooks: data-chart, the description that portal/web/charts.py writes; data-library on this script. This file alone
// knows ECharts: from numbers to places and colors. What is read came as text.
(function () {
  "use strict";

  const library = document.currentScript.dataset.library;
  const root = document.documentElement;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const touched = window.matchMedia("(pointer: coarse)");
  const TONES = { ink: "--ink-soft", accent: "--accent", fill: "--accent-fill", soft: "--accent-soft", red: "--red-ink", amber: "--amber-ink", alarm: "--red-fill" };
  const NARROW = 560, ROW = 46, SLIDER = 44, REACH = 24, CROWDED = 60, TICK = 88, NAME = 110, LETTERS = 17;
  const OUTER = 16, INNER = 6, WITHIN = `${(OUTER - INNER) / 2 / OUTER * 100 - 100}%`;  // one bar in the middle of another
  const drawn = new Map();
  let loading = null, asked = null;

  // --- what every part needs ------------------------------------------------------------------------
  function load() {
    loading = loading || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = () => window.echarts ? done() : failed();
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  // The library reads {name|text} as styled text: no text of a person may be that.
  const plain = (text) => text.replace(/\{/g, "｛").replace(/\}/g, "｝");
  const cursor = (one) => one.points.some((point) => point.href) ? "pointer" : "default";

  // A color of the theme as it is now: of a new element, as one that is there would fade to it.
  function css(name, within) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    within.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  // What all parts of a chart are told by: its description, its place in the page, the colors of the theme as it is now.
  function told(data, place) {
    const days = data.axis === "day", colors = {};
    const color = (tone) => colors[tone] || (colors[tone] = css(TONES[tone] || tone, place));
    const at = (x) => days ? Date.parse(x) : x;
    const every = data.series.flatMap((one) => one.points.map((point) => at(point.x)));
    const first = Math.min(...every), last = Math.max(...every);
    return {
      data, place, days, color, at,
      lying: data.axis === "rows",
      narrow: place.clientWidth < NARROW,
      ground: color("--surface"),
      letters: { color: color("--ink-soft"), fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 },
      over: { textBorderColor: color("--surface"), textBorderWidth: 4 },  // a text over lines: they end around it
      named: new Map(data.ticks.map(([x, shown]) => [at(x), plain(shown)])),
      top: data.levels.at(-1)[0], bottom: data.levels[0][0],
      toRight: (x) => (at(x) - first) / (last - first || 1),
    };
  }

  // --- axes: what they name came with the description -------------------------------------------------
  function valueAxis({ data, letters, color, top, bottom, lying }) {
    return {
      type: "value", min: bottom, max: top, interval: data.levels[1][0] - bottom, position: lying ? "top" : "left",
      axisLabel: { ...letters, hideOverlap: true, formatter: (_value, at) => data.levels[at] ? data.levels[at][1] : "" },
      splitLine: { lineStyle: { color: color("--line") } },
    };
  }

  // The places that can be named side by side while only those from one to another are in sight.
  function apart(places, [from, to], width) {
    const inSight = places.filter((value) => value >= from && value <= to).length;
    const every = Math.ceil(inSight * TICK / width) || 1;
    return places.filter((_value, at) => at % every === 0);
  }

  function dayAxis({ data, place, letters, color, named }, sight) {
    const ticks = apart([...named.keys()], sight, place.clientWidth);
    return {
      type: "time", splitLine: { show: false }, axisTick: { customValues: ticks },
      axisLine: { lineStyle: { color: color("--line-strong") }, onZero: false },
      axisLabel: { ...letters, hideOverlap: true, customValues: ticks, formatter: (value) => named.get(value) || "" },
      axisPointer: { label: { show: false, formatter: ({ value }) => data.days[new Date(value).toISOString().slice(0, 10)] || "" } },
    };
  }

  function nameAxis({ letters, color, named, lying, over, place }) {
    const within = {  // above the bars, not beside them
      interval: 0, inside: true, margin: 0, align: "left", verticalAlign: "bottom", padding: [0, 0, 10, 0],
      color: color("--ink"), ...over, width: place.clientWidth - 100, overflow: "truncate",
    };
    return {
      type: "category", data: [...named.keys()].map(String), inverse: lying, z: lying ? 6 : 0, axisTick: { show: !lying },
      axisLine: { lineStyle: { color: color("--line-strong") }, onZero: false },
      axisLabel: { ...letters, hideOverlap: true, formatter: (value) => named.get(Number(value)), ...(lying && within) },
      axisPointer: { label: { show: false, formatter: ({ value }) => named.get(Number(value)) } },
    };
  }

  function endAxis({ data, letters, color }, names) {
    return {
      ...names, position: "right", axisLine: { show: false }, axisPointer: { show: false },
      axisLabel: { ...letters, interval: 0, formatter: (value) => data.ends[value][0], color: (value) => color(data.ends[value][1]) },
    };
  }

  // --- series -------------------------------------------------------------------------------------------
  function bar({ data, lying, color }, one) {
    const inner = data.series.filter((each) => each.kind === "bar").indexOf(one) > 0;  // drawn within the one before
    return {
      type: "bar", z: inner ? 3 : 2, emphasis: { disabled: lying }, cursor: cursor(one),
      ...(lying ? { barWidth: inner ? INNER : OUTER, barGap: WITHIN } : { barWidth: "72%", barMaxWidth: 48 }),
      itemStyle: one.tone === "soft" ? { borderColor: color("--accent"), borderWidth: 1 } : {},
    };
  }

  function dot({ lying, color, ground, letters, over, top, bottom, toRight }, one) {
    const low = bottom + 0.15 * (top - bottom);
    return {
      type: "scatter", z: 5, cursor: cursor(one), symbol: lying ? "diamond" : "circle", symbolSize: lying ? 14 : 11, symbolOffset: [0, lying ? 2 : 0],
      itemStyle: one.labeled ? { color: ground, borderColor: color(one.tone), borderWidth: 2 } : { borderColor: ground, borderWidth: 1.5, opacity: 1 },
      label: {
        show: one.labeled, ...letters, ...over, color: color(one.tone), formatter: ({ dataIndex }) => plain(one.points[dataIndex].shown),
        position: one.points.some((point) => point.y < low) ? "top" : "bottom", align: toRight(one.points[0].x) > 0.5 ? "right" : "left",
      },
    };
  }

  function line({ color, letters, over, narrow }, one, moved) {
    const area = one.kind === "area";
    return {
      type: "line", step: one.kind === "line" ? false : "end", silent: area,
      symbol: area ? "none" : "circle", symbolSize: 6, showSymbol: one.points.length < CROWDED,
      lineStyle: { width: area ? 0 : 2.5, type: one.dashed ? [6, 4] : "solid" },
      areaStyle: area ? { opacity: 0.14, origin: 0 } : null,
      endLabel: { show: one.labeled && !narrow, formatter: "{a}", ...letters, ...over, color: color(one.tone), distance: 8, offset: [0, moved || 0] },
    };
  }

  // How far down the names beside the ends of lines move, so that none stands over another.
  function endsApart({ data, place, toRight, top, bottom }) {
    const found = new Map();
    const ends = data.series.filter((one) => one.kind === "line").map((one) => {
      const { x, y } = one.points.at(-1);
      return { key: one.key, x: toRight(x) * place.clientWidth, y: (top - y) / (top - bottom) * (place.clientHeight - 2 * SLIDER) };
    });
    ends.sort((one, other) => one.y - other.y).forEach((one, count) => {
      const beside = ends.slice(0, count).filter((other) => Math.abs(other.x - one.x) < NAME);
      found.set(one.key, Math.max(one.y, ...beside.map((other) => other.y + found.get(other.key) + LETTERS)) - one.y);
    });
    return found;
  }

  function series(chart) {
    const { data, lying, color, at } = chart;
    const moved = endsApart(chart);
    return data.series.map((one) => ({
      id: one.key, name: plain(one.name), color: color(one.tone),
      data: one.points.map((point) => ({
        value: lying ? [point.y, at(point.x)] : [at(point.x), point.y],
        ...(point.tone && { itemStyle: { color: color(point.tone) } }),
      })),
      tooltip: one.kind === "area" || (one.kind === "point" && one.labeled) ? { show: false } : { valueFormatter: (_value, count) => one.points[count].shown },
      ...(one.kind === "bar" ? bar(chart, one) : one.kind === "point" ? dot(chart, one) : line(chart, one, moved.get(one.key))),
    }));
  }

  // Lines across the chart: a series of their own, so that no legend takes them away.
  function marks({ data, lying, color, letters, over, at }) {
    const found = data.marks.map((mark) => ({
      ...(mark.x !== null ? { xAxis: at(mark.x) } : lying ? { xAxis: mark.y } : { yAxis: mark.y }),
      lineStyle: { color: color(mark.tone), width: 1.5, type: mark.x !== null ? [4, 3] : "solid" },
      label: { formatter: plain(mark.name), ...letters, ...over, color: color(mark.tone), position: mark.x !== null || lying ? "end" : "insideEndTop" },
    }));
    return { id: "marks", type: "line", data: [], silent: true, markLine: { symbol: "none", silent: true, animation: false, data: found } };
  }

  // --- the whole ------------------------------------------------------------------------------------------
  function zoom({ color, ground }) {
    const nothing = { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } };
    return [
      { type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false, disabled: touched.matches },
      {
        type: "slider", filterMode: "none", height: 20, bottom: 8, left: 24, right: 24, showDetail: false, brushSelect: false,
        borderColor: color("--line"), fillerColor: color("soft"), backgroundColor: "transparent", dataBackground: nothing, selectedDataBackground: nothing,
        handleStyle: { color: ground, borderColor: color("--control-line") }, moveHandleStyle: { color: color("--line-strong") },
        emphasis: { handleStyle: { borderColor: color("accent") }, moveHandleStyle: { color: color("accent") } },
      },
    ];
  }

  function option(data, place, sight) {
    const chart = told(data, place);
    const { days, lying, narrow, color, letters } = chart;
    const values = valueAxis(chart), places = days ? dayAxis(chart, sight) : nameAxis(chart);
    const beside = !narrow && data.series.some((one) => one.labeled && one.kind === "line");
    return {
      animation: !still.matches, animationDuration: 300, useUTC: true,
      grid: {
        left: 12, right: beside ? NAME + 10 : 20, top: data.marks.some((mark) => mark.x) ? 32 : 16, bottom: days ? SLIDER : lying ? 24 : 8,
        outerBoundsMode: "same", outerBoundsContain: "axisLabel",
      },
      legend: { show: false },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true,
        axisPointer: {
          type: data.series.some((one) => one.kind === "bar") ? "shadow" : "line",
          lineStyle: { color: color("--line-strong") }, shadowStyle: { color: color("--ink"), opacity: 0.06 },
        },
        backgroundColor: color("--raised"), borderColor: color("--line-strong"), textStyle: { ...letters, color: color("--ink"), fontSize: 13 },
      },
      dataZoom: days ? zoom(chart) : [],
      xAxis: lying ? values : places,
      yAxis: lying ? [places, endAxis(chart, places)] : values,
      series: [...series(chart), marks(chart)],
    };
  }

  // --- a figure: its canvas, its legend, where a click leads -----------------------------------------
  function legend(figure, data, chart) {
    const names = data.series.filter((one) => one.kind !== "area");
    if (names.length < 2) { return; }
    const place = document.createElement("div");
    place.className = "chart-legend";
    place.setAttribute("role", "group");
    place.setAttribute("aria-label", figure.dataset.chartLegend);
    names.forEach((one) => {
      const button = document.createElement("button"), swatch = document.createElement("span");
      button.type = "button";
      button.setAttribute("aria-pressed", "true");
      swatch.className = `chart-swatch is-${one.kind}${one.labeled ? " is-named" : ""}${one.dashed ? " is-dashed" : ""}`;
      swatch.style.color = `var(${TONES[one.tone]})`;
      button.append(swatch, one.name);
      button.addEventListener("click", () => {
        chart.dispatchAction({ type: "legendToggleSelect", name: plain(one.name) });
        button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") === "false"));
      });
      place.append(button);
    });
    figure.append(place);
  }

  function follow(href, event) {
    if (touched.matches && asked !== href) { asked = href; return; }  // the first touch tells, the second leads
    if (event && (event.ctrlKey || event.metaKey)) { window.open(href, "_blank", "noopener"); } else { window.location.assign(href); }
  }

  // A bar leads where it is hit; of lines the nearest point does, as nobody hits a dot of six pixels.
  function leads(data, chart) {
    const hit = (one) => one.kind === "bar" || data.axis === "rows";
    const place = (point) => [data.axis === "day" ? Date.parse(point.x) : point.x, point.y];
    const near = (event) => {
      const on = (chart.getOption().legend[0] || {}).selected || {};
      let best = null, reach = REACH;
      data.series.filter((one) => !hit(one) && one.kind !== "area" && on[plain(one.name)] !== false).forEach((one) => one.points.forEach((point) => {
        const [x, y] = chart.convertToPixel({ seriesId: one.key }, place(point));
        const far = Math.hypot(x - event.offsetX, y - event.offsetY);
        if (point.href && far < reach) { best = point.href; reach = far; }
      }));
      return chart.containPixel("grid", [event.offsetX, event.offsetY]) ? best : null;
    };
    const canvas = chart.getZr();
    canvas.on("mousemove", (event) => { if (!event.target && near(event)) { canvas.setCursorStyle("pointer"); } });
    canvas.on("click", (event) => { const href = near(event); if (href) { follow(href, event.event); } });
    chart.on("click", (found) => {
      const one = data.series.find((each) => each.key === found.seriesId && hit(each));
      if (one && one.points[found.dataIndex].href) { follow(one.points[found.dataIndex].href, found.event.event); }
    });
  }

  function draw(figure) {
    const data = JSON.parse(figure.dataset.chart);
    const drawing = figure.querySelector(".chart-drawing");
    const high = data.axis === "rows" ? ROW * data.ticks.length + 40 : Math.max(260, drawing.offsetHeight) + (data.axis === "day" ? SLIDER : 0);
    const place = document.createElement("div");
    place.className = "chart-canvas";
    place.setAttribute("aria-hidden", "true");
    place.style.height = `${high}px`;
    figure.append(place);
    const chart = window.echarts.init(place);
    const sight = () => {
      const [zoom] = (chart.getOption() || {}).dataZoom || [];
      return zoom && zoom.startValue !== undefined ? [zoom.startValue, zoom.endValue] : [-Infinity, Infinity];
    };
    const show = () => chart.setOption(option(data, place, sight()));
    show();
    figure.classList.add("is-drawn");
    chart.on("datazoom", show);
    legend(figure, data, chart);
    leads(data, chart);
    drawn.set(figure, { chart, show });
    new ResizeObserver(() => { if (place.clientWidth) { chart.resize(); show(); } }).observe(place);
  }

  // --- when: as a figure comes near; anew as the theme changes ----------------------------------------
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) { return; }
    seen.unobserve(entry.target);
    load().then(() => { if (entry.target.isConnected && !drawn.has(entry.target)) { draw(entry.target); } }, () => {});
  }), { rootMargin: "400px" });

  function look() {
    drawn.forEach(({ chart }, figure) => { if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); } });
    document.querySelectorAll("[data-chart]:not(.is-drawn)").forEach((figure) => seen.observe(figure));
  }

  look();
  document.addEventListener("htmx:afterSettle", look);
  new MutationObserver(() => drawn.forEach(({ show }) => show())).observe(root, { attributeFilter: ["data-bs-theme"] });
})();
