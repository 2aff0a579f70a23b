// A loss and its gradient over one logit, as SVG.

import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDEST = 640;
const PANEL = 170;
const LEFT = 64;
const RIGHT = 14;
const GAP = 34;

function draw(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A figure of {z, loss, gradient, caption}; values that are null leave a gap. */
export function plot({ z, loss, gradient, caption }, room) {
  const width = Math.min(WIDEST, Math.max(300, room));
  const right = width - RIGHT;
  const height = 2 * PANEL + GAP + 30;
  const across = scale(z, LEFT, right);
  const svg = draw("svg", {
    viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": described(z, loss, gradient),
  });
  svg.append(
    ...panel(z, loss, across, 12, "loss L", "live-loss"),
    ...panel(z, gradient, across, 12 + PANEL + GAP, "gradient ∂L/∂z", "live-gradient"),
    ...ticksAcross(across, 12 + PANEL),
    ...ticksAcross(across, 12 + PANEL + GAP + PANEL),
    draw("text", { x: (LEFT + right) / 2, y: height - 4, "text-anchor": "middle" }, "one logit z"),
  );
  return make("figure", { class: "live-plot" }, svg, make("figcaption", {}, caption ?? ""));
}

function finite(values) {
  return values.filter((value) => Number.isFinite(value));
}

/** From values to places; a flat line lies in the middle. */
function scale(values, from, to) {
  const found = finite(values);
  let [low, high] = [Math.min(...found), Math.max(...found)];
  if (!(high > low)) [low, high] = [(low || 0) - 1, (low || 0) + 1];
  const place = (value) => from + ((value - low) / (high - low)) * (to - from);
  return Object.assign(place, { low, high });
}

function panel(z, values, across, top, name, kind) {
  const bottom = top + PANEL - 24;
  const [left, right] = [across(across.low), across(across.high)];
  const up = scale(values, bottom - 4, top + 22);
  const isZeroIn = up.low < 0 && up.high > 0;
  const zero = isZeroIn ? [draw("path", { class: "live-zero", d: `M${left} ${up(0)}H${right}` })] : [];
  return [
    draw("text", { x: LEFT, y: top + 6, class: kind }, name),
    draw("path", { class: "live-axis", d: `M${left} ${top + 14}V${bottom}H${right}` }),
    ...zero,
    ...ticks(up.low, up.high).map((value) => height(value, up(value))),
    draw("path", { class: kind, d: path(z, values, across, up) }),
  ];
}

function height(value, y) {
  const words = draw("text", { x: LEFT - 10, y: y + 4, "text-anchor": "end" }, number(value));
  return draw("g", {}, words, draw("path", { class: "live-axis", d: `M${LEFT - 5} ${y}H${LEFT}` }));
}

function ticksAcross(across, bottom) {
  return ticks(across.low, across.high).map((value) => {
    const x = across(value);
    const words = draw("text", { x, y: bottom - 5, "text-anchor": "middle" }, number(value));
    return draw("g", {}, words, draw("path", { class: "live-axis", d: `M${x} ${bottom - 24}v5` }));
  });
}

/** Three to eight round values between two. */
function ticks(low, high) {
  const most = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].map((x) => x * power).find((x) => x <= most) ?? power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}

function path(z, values, across, up) {
  let isDown = false;
  return z
    .map((x, k) => {
      const isThere = Number.isFinite(values[k]);
      const command = !isThere ? "" : `${isDown ? "L" : "M"}${across(x).toFixed(1)} ${up(values[k]).toFixed(1)}`;
      isDown = isThere;
      return command;
    })
    .join("");
}

function number(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

function described(z, loss, gradient) {
  const [left, right] = [z[0], z.at(-1)].map(number);
  const told = (name, values) => {
    const found = finite(values);
    if (!found.length) return `the ${name} is finite nowhere`;
    return `the ${name} goes from ${number(found[0])} to ${number(found.at(-1))}, ` +
      `between ${number(Math.min(...found))} and ${number(Math.max(...found))}`;
  };
  return `Over one logit from ${left} to ${right}, ${told("loss", loss)}; ${told("gradient", gradient)}.`;
}
