// Draws the charts of a report from the data in the page, in the colours of the page's style, by Chart.js.
"use strict";
(() => {
  const specs = JSON.parse(document.getElementById("charts").textContent);
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 40rem)");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
  const length = (seconds) => {
    const minutes = Math.round(seconds / 60);
    if (minutes < 1) return `${Math.round(seconds)} s`;
    if (minutes < 60) return `${minutes} min`;
    return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
  };
  const words = {
    count: (value) => value.toLocaleString("en"),
    percent: (value) => `${Math.floor(value * 100 + 1e-9)}%`,
    seconds: length,
    usd: (value) => value.toLocaleString("en", { style: "currency", currency: "USD" }),
  };
  const short = {
    ...words,
    usd: (value) => value.toLocaleString("en", { style: "currency", currency: "USD", maximumFractionDigits: 0 }),
  };
  const cut = (label) => (label.length > 18 ? `${label.slice(0, 17)}…` : label);
  // Steps of time that a clock has, for an axis: 5, 10, 15, 30 minutes, then hours.
  const tick = (most) => [300, 600, 900, 1800, 3600, 7200, 14400, 43200, 86400].find((s) => most / s <= 6);

  const dataset = (spec) => (one) => {
    const line = spec.kind === "line";
    return {
      label: one.name,
      data: one.values,
      backgroundColor: colour(one.colour),
      borderColor: colour(one.colour),
      borderWidth: line ? 2.5 : 0,
      borderRadius: spec.stacked ? 0 : 3,
      maxBarThickness: 28,
      clip: 8,
      pointStyle: line ? "circle" : "rectRounded",
      pointRadius: spec.labels.length > 1 ? 2.5 : 5,
      pointHoverRadius: 6,
      spanGaps: true,
      tension: 0.25,
    };
  };
  const goal = (spec) => ({
    label: spec.goal_name,
    data: spec.labels.map(() => spec.goal),
    borderColor: colour("soft"),
    backgroundColor: colour("soft"),
    borderWidth: 1.5,
    borderDash: [5, 4],
    pointStyle: "line",
    pointRadius: 0,
    pointHitRadius: 0,
  });
  const axis = (spec, of_values) => {
    const format = short[spec.unit];
    const most = Math.max(spec.goal || 0, ...spec.series.flatMap((one) => one.values));
    const bounds = spec.unit === "percent" ? { max: 1 } : {};
    const steps = spec.unit === "seconds" ? { stepSize: tick(most) } : {};
    const whole = spec.unit === "count" ? { precision: 0 } : {};
    const labels = (value) => cut(spec.labels[value] ?? "");
    return {
      stacked: spec.stacked,
      ...(of_values ? { beginAtZero: true, ...bounds } : {}),
      grid: { display: of_values, color: colour("line") },
      border: { display: false },
      ticks: {
        color: colour("soft"),
        maxRotation: 0,
        autoSkip: spec.kind !== "row" || of_values,
        autoSkipPadding: 12,
        maxTicksLimit: of_values ? 6 : undefined,
        ...(of_values ? { ...steps, ...whole } : {}),
        callback: (value) => (of_values ? format(value) : labels(value)),
      },
    };
  };
  const config = (spec) => ({
    type: spec.kind === "line" ? "line" : "bar",
    data: { labels: spec.labels, datasets: [...spec.series.map(dataset(spec)), ...(spec.goal ? [goal(spec)] : [])] },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      indexAxis: spec.kind === "row" ? "y" : "x",
      interaction: { mode: "index", axis: spec.kind === "row" ? "y" : "x", intersect: false },
      font: { family: getComputedStyle(document.body).fontFamily },
      scales: { x: axis(spec, spec.kind === "row"), y: axis(spec, spec.kind !== "row") },
      plugins: {
        legend: {
          display: spec.series.length > 1 || Boolean(spec.goal),
          position: "bottom",
          labels: { color: colour("ink"), usePointStyle: true, boxHeight: 7 },
        },
        tooltip: {
          callbacks: { label: (item) => ` ${item.dataset.label}: ${words[spec.unit](item.raw)}` },
          filter: (item) => item.raw !== null,
        },
      },
    },
  });

  let drawn = [];
  const draw = () => {
    drawn.forEach((chart) => chart.destroy());
    Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
    Chart.defaults.font.size = narrow.matches ? 11 : 12;
    drawn = specs.map((spec, at) => new Chart(document.getElementById(`chart-${at}`), config(spec)));
  };
  document.documentElement.classList.add("drawn");
  document.querySelectorAll("details").forEach((one) => one.removeAttribute("open"));
  draw();
  dark.addEventListener("change", draw);
  narrow.addEventListener("change", draw);
})();
