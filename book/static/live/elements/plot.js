// A loss and its gradient over one logit, as SVG.

import { make } from "./dom.js";
import { described, number, path, scale, ticks } from "../state/plot_scale.js";

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
