/**
 * What a page says about a chart, and what ECharts needs to draw it.
 *
 * @typedef {object} Series
 * @property {string} name
 * @property {"line" | "step" | "area" | "bar" | "band" | "floor"} kind
 * @property {(number | null)[]} [values]
 * @property {number[]} [low] A band's lower edge.
 * @property {number[]} [high] A band's upper edge.
 * @property {"accent" | "ok" | "warn" | "late" | "info" | "ink" | "faint"} [tone]
 * @property {string} [stack]
 * @property {boolean} [dashed]
 *
 * @typedef {object} Chart
 * @property {string[]} x Labels, in order.
 * @property {Series[]} series
 * @property {string} [unit] Written at the value axis.
 * @property {boolean} [sideways] Bars from left to right.
 * @property {boolean} [isTight] The value axis need not begin at zero.
 * @property {number} [digits] After the point, if more than one.
 * @property {{ x: string, name: string }[]} [marks] Vertical lines, such as today.
 */

const SERIES = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5"];
/** @type {Record<string, string>} */
const TONES = { accent: "--accent", ok: "--ok", warn: "--warn", late: "--late", info: "--info", ink: "--ink", faint: "--ink-faint" };

/**
 * @param {Chart} chart
 * @param {(token: string) => string} color
 * @param {{ lang: string, font: string }} page
 */
export function options(chart, color, { lang, font }) {
  const digits = { maximumFractionDigits: chart.digits ?? 1 };
  const number = new Intl.NumberFormat(lang, digits);
  const short = new Intl.NumberFormat(lang, { notation: "compact", ...digits });
  const text = { color: color("--ink-soft"), fontFamily: font, fontSize: 12 };
  const line = { lineStyle: { color: color("--line") } };
  const labels = { type: "category", data: chart.x, boundaryGap: chart.series.some(({ kind }) => kind === "bar"), axisLabel: text, axisLine: line, axisTick: { show: false } };
  const values = { type: "value", scale: chart.isTight, name: chart.unit, nameTextStyle: { ...text, align: "left" }, axisLabel: { ...text, formatter: (/** @type {number} */ value) => short.format(value) }, splitLine: line };
  return {
    animationDuration: 120,
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    aria: { enabled: true, label: { enabled: false }, decal: { show: chart.series.filter(({ kind }) => kind === "bar").length > 2 } },
    textStyle: { fontFamily: font },
    grid: { left: 4, right: 12, top: chart.unit ? 32 : 12, bottom: chart.series.length > 1 ? 32 : 4, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
    legend: chart.series.length > 1 ? { bottom: 0, left: 0, icon: "roundRect", itemWidth: 12, itemHeight: 3, textStyle: text, data: chart.series.map(({ name }) => name).filter(Boolean) } : undefined,
    tooltip: { trigger: "axis", renderMode: "richText", backgroundColor: color("--raised"), borderColor: color("--line"), textStyle: { ...text, color: color("--ink") }, valueFormatter: (/** @type {any} */ value) => (typeof value === "number" ? number.format(value) : "–") },
    xAxis: chart.sideways ? values : labels,
    yAxis: chart.sideways ? { ...labels, inverse: true } : values,
    series: chart.series.flatMap((series, index) => draw(series, color(TONES[series.tone ?? ""] ?? SERIES[index % SERIES.length]), marks(chart, index, text, color))),
  };
}

/**
 * @param {Series} series
 * @param {string} tint
 * @param {object} extra
 * @returns {any[]}
 */
function draw(series, tint, extra) {
  const { name, kind, values, stack, dashed } = series;
  if (kind === "band") return band(series, tint);
  if (kind === "floor") return [{ name, type: "bar", stack, data: values, silent: true, itemStyle: { color: "transparent" }, tooltip: { show: false } }];
  if (kind === "bar") return [{ name, type: "bar", stack, data: values, barMaxWidth: 28, itemStyle: { color: tint, borderRadius: 2 }, ...extra }];
  const lineStyle = { color: tint, width: 2, type: dashed ? "dashed" : "solid" };
  const areaStyle = kind === "area" ? { color: tint, opacity: stack ? 0.55 : 0.12 } : undefined;
  return [{ name, type: "line", stack, data: values, step: kind === "step" ? "end" : false, symbol: "none", lineStyle, areaStyle, itemStyle: { color: tint }, ...extra }];
}

/**
 * A fan: an unseen floor and the height above it.
 *
 * @param {Series} series
 * @param {string} tint
 */
function band({ name, low = [], high = [] }, tint) {
  const shared = { type: "line", stack: `band ${name}`, stackStrategy: "all", symbol: "none", lineStyle: { opacity: 0 }, silent: true, tooltip: { show: false } };
  return [
    { ...shared, name: `${name} `, data: low, itemStyle: { color: tint } },
    { ...shared, name, data: high.map((value, index) => value - (low[index] ?? 0)), areaStyle: { color: tint, opacity: 0.16 }, itemStyle: { color: tint } },
  ];
}

/**
 * @param {Chart} chart
 * @param {number} index
 * @param {object} text
 * @param {(token: string) => string} color
 */
function marks(chart, index, text, color) {
  if (index > 0 || !chart.marks?.length) return {};
  const data = chart.marks.map(({ x, name }) => ({ xAxis: x, label: { ...text, formatter: name } }));
  return { markLine: { silent: true, symbol: "none", data, lineStyle: { color: color("--line-strong"), type: "dashed" } } };
}
