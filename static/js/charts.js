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
  const TONES = { ink: "--ink-soft", accent: "--accent", fill: "--accent-fill", soft: "--accent-soft", red: "--red-ink", amber: "--amber-ink" };
  const NARROW = 560, ROW = 46, SLIDER = 44, REACH = 24, CROWDED = 60, TICK = 88, NAME = 110, LETTERS = 17;
  const drawn = new Map();
  let loading = null;

  // --- what every part needs ------------------------------------------------------------------------
  function load() {
    loading = loading || new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = library;
      script.onload = done;
      script.onerror = failed;
      document.head.append(script);
    });
    return loading;
  }

  // The library reads {name|text} as styled text: no text of a person may be that.
  const plain = (text) => text.replace(/\{/g, "｛").replace(/\}/g, "｝");
  // A color of the theme as it is now: of a new element, as one that is there would fade to it.
  function css(name, within) {
    const probe = document.createElement("span");
    probe.style.color = `var(${name})`;
    within.append(probe);
    const found = getComputedStyle(probe).color;
    probe.remove();
    return found;
  }

  // The places of the axis that can be named side by side while only those between two are in sight.
  function apart(places, [from, to], width) {
    const inSight = places.filter((value) => value >= from && value <= to).length;
    const every = Math.ceil(inSight * TICK / width) || 1;
    return places.filter((_value, at) => at % every === 0);
  }

  // From which place of the axis to which the values go.
  function reach(data) {
    const found = data.series.flatMap((one) => one.points.map((point) => data.axis === "day" ? Date.parse(point.x) : point.x));
    return [Math.min(...found), Math.max(...found)];
  }

  // How far down the names beside the ends of lines move, so that none stands over another.
  function endsApart(data, at) {
    const found = new Map(), ends = data.series.filter((one) => one.kind === "line").map((one) => ({ key: one.key, at: at(one.points.at(-1)) }));
    ends.sort((one, other) => one.at[1] - other.at[1]).forEach((one, place) => {
      const beside = ends.slice(0, place).filter((other) => Math.abs(other.at[0] - one.at[0]) < NAME).map((other) => other.at[1] + found.get(other.key) + LETTERS);
      found.set(one.key, Math.max(one.at[1], ...beside) - one.at[1]);
    });
    return found;
  }

  // --- from the description to the library's words ---------------------------------------------------
  function option(data, place, sight) {
    const color = (tone) => css(TONES[tone] || tone, place);
    const narrow = place.clientWidth < NARROW;
    const lying = data.axis === "rows", days = data.axis === "day";
    const letters = { color: color("--ink-soft"), fontFamily: getComputedStyle(place).fontFamily, fontSize: 12 };
    const named = new Map(data.ticks.map(([x, shown]) => [days ? Date.parse(x) : x, plain(shown)]));
    const ticks = apart([...named.keys()], sight, place.clientWidth);
    const ground = color("--surface");
    const over = { textBorderColor: ground, textBorderWidth: 4 };
    const [first, last] = reach(data);
    const toRight = (x) => ((days ? Date.parse(x) : x) - first) / (last - first || 1);
    const top = data.levels.at(-1)[0], bottom = data.levels[0][0];
    const moved = endsApart(data, (point) => [toRight(point.x) * place.clientWidth, (top - point.y) / (top - bottom) * (place.clientHeight - 2 * SLIDER)]);
    const dayOf = (value) => data.days[new Date(value).toISOString().slice(0, 10)] || "";
    const low = bottom + 0.15 * (top - bottom);

    const values = {
      type: "value",
      min: bottom, max: top, interval: data.levels[1][0] - data.levels[0][0],
      axisLabel: { ...letters, hideOverlap: true, formatter: (_value, at) => data.levels[at] ? data.levels[at][1] : "" },
      splitLine: { lineStyle: { color: color("--line") } },
    };
    const head = { show: false, formatter: ({ value }) => days ? dayOf(value) : named.get(Number(value)) || "" };
    const line = { lineStyle: { color: color("--line-strong") }, onZero: false };
    const places = days ? {
      type: "time", axisLine: line, splitLine: { show: false },
      axisTick: { customValues: ticks },
      axisLabel: { ...letters, hideOverlap: true, customValues: ticks, formatter: (value) => named.get(value) || "" },
    } : {
      type: "category", data: data.ticks.map(([x]) => String(x)), inverse: lying, axisLine: line,
      axisTick: { show: !lying },
      axisLabel: { ...letters, hideOverlap: true, formatter: (value) => named.get(Number(value)) || "" },
    };
    places.axisPointer = { label: head };
    if (lying) { Object.assign(places.axisLabel, { interval: 0, inside: true, margin: 0, align: "left", verticalAlign: "bottom", padding: [0, 0, 12, 0], color: color("--ink") }); }

    const bars = data.series.filter((one) => one.kind === "bar");
    const series = data.series.map((one) => {
      const made = {
        id: one.key, name: plain(one.name), color: color(one.tone), clip: true,
        data: one.points.map((point) => {
          const x = days ? Date.parse(point.x) : point.x;
          return { value: lying ? [point.y, x] : [x, point.y], itemStyle: point.tone ? { color: color(point.tone) } : {} };
        }),
        tooltip: { valueFormatter: (_value, at) => one.points[at].shown },
      };
      if (one.kind === "bar") {
        return { ...made, type: "bar", barGap: "-100%", barWidth: `${72 / (1 + 2 * bars.indexOf(one))}%`, cursor: "default" };
      }
      if (one.kind === "point") {
        return {
          ...made, type: "scatter", symbol: lying ? "diamond" : "circle", symbolSize: lying ? 14 : 11, z: 5, cursor: "default",
          itemStyle: { color: ground, borderColor: color(one.tone), borderWidth: 2 },
          label: { show: one.labeled, position: one.points.some((point) => point.y < low) ? "top" : "bottom", formatter: ({ dataIndex }) => plain(one.points[dataIndex].shown), ...letters, ...over, color: color(one.tone), align: toRight(one.points[0].x) > 0.5 ? "right" : "left" },
          tooltip: { show: false },
        };
      }
      const area = one.kind === "area";
      return {
        ...made, type: "line", step: one.kind === "line" ? false : "end", silent: area,
        symbol: area ? "none" : "circle", symbolSize: 6, showSymbol: one.points.length < CROWDED,
        lineStyle: { width: area ? 0 : 2.5, type: one.dashed ? [6, 4] : "solid" },
        areaStyle: area ? { opacity: 0.14, origin: 0 } : null,
        endLabel: { show: one.labeled && !narrow, formatter: "{a}", ...letters, ...over, color: color(one.tone), distance: 8, offset: [0, moved.get(one.key) || 0] },
        tooltip: area ? { show: false } : made.tooltip,
      };
    });
    series.push({
      id: "marks", type: "line", data: [], silent: true,
      markLine: {
        symbol: "none", silent: true, animation: false,
        data: data.marks.map((mark) => ({
          [(mark.x === null) === lying ? "xAxis" : "yAxis"]: mark.x === null ? mark.y : Date.parse(mark.x),
          lineStyle: { color: color(mark.tone), width: 1.5, type: mark.x === null ? "solid" : [4, 3] },
          label: { formatter: plain(mark.name), ...letters, ...over, color: color(mark.tone), position: mark.x === null ? "insideEndTop" : "end" },
        })),
      },
    });

    return {
      animation: !still.matches, animationDuration: 300, useUTC: true,
      grid: {
        left: 12, right: data.series.some((one) => one.labeled && one.kind === "line") && !narrow ? 120 : 20,
        top: data.marks.some((mark) => mark.x) ? 32 : 16, bottom: days ? SLIDER : 8,
        outerBoundsMode: "same", outerBoundsContain: "axisLabel",
      },
      legend: { show: false },
      tooltip: {
        trigger: "axis", renderMode: "richText", confine: true,
        axisPointer: { type: bars.length ? "shadow" : "line", lineStyle: { color: color("--line-strong") }, shadowStyle: { color: color("--hover"), opacity: 0.6 } },
        backgroundColor: color("--raised"), borderColor: color("--line-strong"), textStyle: { ...letters, color: color("--ink"), fontSize: 13 },
      },
      dataZoom: days ? [
        { type: "inside", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, preventDefaultMouseMove: false, disabled: touched.matches },
        {
          type: "slider", filterMode: "none", height: 20, bottom: 8, left: 24, right: 24, showDetail: false, brushSelect: false,
          borderColor: color("--line"), fillerColor: color("--accent-soft"), backgroundColor: "transparent",
          handleStyle: { color: ground, borderColor: color("--control-line") },
          moveHandleStyle: { color: color("--line-strong") },
          emphasis: { handleStyle: { borderColor: color("--accent") }, moveHandleStyle: { color: color("--accent") } },
          dataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
          selectedDataBackground: { lineStyle: { opacity: 0 }, areaStyle: { opacity: 0 } },
        },
      ] : [],
      xAxis: lying ? { ...values, position: "top" } : places,
      yAxis: lying ? places : values,
      series,
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
      swatch.className = `chart-swatch is-${one.kind}${one.dashed ? " is-dashed" : ""}`;
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
    if (event && (event.ctrlKey || event.metaKey)) { window.open(href, "_blank", "noopener"); } else { window.location.assign(href); }
  }

  function leads(data, chart) {
    const near = (event) => {
      const off = (chart.getOption().legend[0] || {}).selected || {};
      let best = null, reach = REACH;
      data.series.forEach((one) => {
        if (one.kind === "area" || one.kind === "bar" || off[plain(one.name)] === false) { return; }
        one.points.forEach((point) => {
          const x = data.axis === "day" ? Date.parse(point.x) : point.x;
          const at = chart.convertToPixel({ seriesId: one.key }, data.axis === "rows" ? [point.y, x] : [x, point.y]);
          const far = Math.hypot(at[0] - event.offsetX, at[1] - event.offsetY);
          if (point.href && far < reach) { best = point.href; reach = far; }
        });
      });
      return chart.containPixel("grid", [event.offsetX, event.offsetY]) ? best : null;
    };
    const canvas = chart.getZr();
    const bar = (found) => (data.series.find((one) => one.key === found.seriesId && one.kind === "bar") || { points: [] }).points[found.dataIndex];
    canvas.on("mousemove", (event) => { if (!event.target && near(event)) { canvas.setCursorStyle("pointer"); } });
    canvas.on("click", (event) => { const href = near(event); if (href) { follow(href, event.event); } });
    chart.on("click", (found) => { const at = bar(found); if (at && at.href) { follow(at.href, found.event.event); } });
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
    figure.classList.add("is-drawn");
    const chart = window.echarts.init(place);
    const sight = () => {
      const [zoom] = (chart.getOption() || {}).dataZoom || [];
      return zoom && zoom.startValue !== undefined ? [zoom.startValue, zoom.endValue] : [-Infinity, Infinity];
    };
    const show = () => chart.setOption(option(data, place, sight()));
    show();
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
