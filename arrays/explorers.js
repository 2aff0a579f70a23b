// The explorers of arrays/explorers.py: one script, written whole into each output.
//
// What answers a reader is built in a shadow root of the element [data-explorer] around
// the script: no style or name leaks, two on a page do not meet, and where scripts do not
// run nothing dead is shown. `entries`, at the end, has one function for each explorer: it
// builds the parts once, and returns the function that draws them from `state`.
(() => {
  // A page runs the script where it stands, VS Code a copy of it beside the element.
  const script = document.currentScript;
  const others = [...script.parentElement.querySelectorAll("[data-explorer]")];
  const root = script.closest("[data-explorer]") ?? others.find((x) => !x.shadowRoot);
  if (!root || root.shadowRoot) return;

  // The mathematics. `round` is Math.fround where float32 is what is looked at.
  const sum = (v, round = Number) => v.reduce((total, x) => round(total + x), 0);
  const dot = (v, w) => sum(v.map((x, i) => x * w[i]));
  const minus = (v, w) => v.map((x, i) => x - w[i]);
  const size = (v) => Math.sqrt(dot(v, v));
  const softmax = (z, round = Number) => {
    const top = Math.max(...z);
    const powers = z.map((x) => round(Math.exp(round(x - top))));
    const total = sum(powers, round);
    return powers.map((x) => round(x / total));
  };
  const logSumExp = (z) => Math.max(...z) - Math.log(Math.max(...softmax(z)));
  const jacobian = (a, round = Number) =>
    a.map((p, i) => a.map((q, j) => round((i === j ? p : 0) - round(p * q))));
  const throughJacobian = (a, y, round) => {
    const J = jacobian(a, round), dA = a.map((p, i) => round(-y[i] / p));
    return a.map((_, j) => sum(dA.map((slope, i) => round(slope * J[i][j])), round));
  };

  // Numbers as Python writes them, with the minus sign of mathematics.
  const number = (x, digits = 2) => {
    if (Number.isNaN(x)) return "NaN";
    const sign = x < 0 ? "−" : "";
    if (!Number.isFinite(x)) return `${sign}∞`;
    // Halfway, as 0.125 is, Python takes the even digit and toFixed the larger one.
    const halfway = (Math.abs(x) * 2 ** (digits + 1)) % 2 === 1;
    const even = (2 * Math.round((x * 10 ** digits) / 2)) / 10 ** digits;
    const text = Math.abs(halfway ? even : x).toFixed(digits);
    return Number(text) ? sign + text : text; // -0.00 is 0.00
  };
  const tuple = (v, digits) => `(${v.map((x) => number(x, digits)).join(", ")})`;
  const line = (...terms) =>
    `<p>${terms.map((x, i) => `<span>${i ? "= " : ""}${x}</span>`).join(" ")}</p>`;
  const z_i = "<i>z<sub>i</sub></i>", a_i = "<i>a<sub>i</sub></i>";
  const e_z = "<i>e</i><sup><i>z<sub>i</sub></i></sup>";

  // All that is shown follows from this, and from whether descent plays.
  const start = JSON.parse(root.dataset.start), n = start.z.length;
  const fresh = { share: 0, size: 0, temperature: 0, ...start, moved: 0, limit: 5, trail: [] };
  const state = { ...fresh };
  const scaled = () => state.z.map((x) => (10 ** state.size * x) / 10 ** state.temperature);
  const labels = () => state.z.map((_, i) =>
    (1 - state.share) * (i + 1 === state.true_class) + state.share / n);
  const gradient = (z = state.z) => minus(softmax(z), labels());
  const loss = (z) => logSumExp(z) - dot(labels(), z);

  // What a reader does to it.
  let draw, timer;
  const moveTo = (z, trail = []) => {
    const reach = Math.ceil(Math.max(...z.map(Math.abs)) - 1e-9);
    Object.assign(state, { z, trail, limit: Math.max(state.limit, reach) });
  };
  const setLogit = (i, value) => {
    const within = Math.round(Math.min(state.limit, Math.max(-state.limit, value)) * 1e6) / 1e6;
    moveTo(state.z.map((x, j) => (j === i ? within : x)));
    state.moved = i;
  };
  const setProbabilities = (a) => {
    // z is log a plus a number, which keeps the mean of z if that fits the range.
    const logs = a.map((p) => Math.log(Math.max(p, 0.001)));
    const lowest = -state.limit - Math.min(...logs), highest = state.limit - Math.max(...logs);
    const shift = Math.max(lowest, Math.min(highest, (sum(state.z) - sum(logs)) / n));
    moveTo(logs.map((x) => x + shift));
  };
  const step = () => moveTo(minus(state.z, gradient()), [...state.trail, state.z]);
  const arrived = () => size(gradient()) < 0.02 || !root.isConnected;
  const stop = () => (timer = clearInterval(timer));
  const only = (i, height) => moveTo(state.z.map((_, j) => (j === i % n ? height : 0)));
  const actions = {
    "sure and right": () => only(state.true_class - 1, 4),
    "sure and wrong": () => only(state.true_class, 4),
    "undecided": () => only(0, 0),
    "all z + 1": () => moveTo(state.z.map((x) => x + 1)),
    "all z − 1": () => moveTo(state.z.map((x) => x - 1)),
    "one step": step,
    "play": () => {
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
        for (let k = 0; k < 100 && !arrived(); k++) step();
      } else {
        timer = setInterval(() => (arrived() ? stop() : step(), draw()), 150);
      }
    },
    "pause": () => {}, // every action stops descent
    "reset": () => Object.assign(state, fresh),
  };
  const act = (change) => (stop(), change(), draw());

  // Text and lines take the colour of the page; the fills are read on light and dark.
  const STYLE = `
    :host { display: block; font: 14px/1.5 system-ui, sans-serif; text-align: left;
      white-space: normal; }
    .row { display: flex; flex-wrap: wrap; gap: 6px 16px; align-items: center; margin: 8px 0; }
    div[role=group] { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
    .row:empty { display: none; }
    .panels { align-items: end; gap: 12px 16px; }
    .beside { flex: 1 1 340px; align-self: center; }
    figure { margin: 0; max-width: 100%; }
    svg { display: block; width: 100%; user-select: none; -webkit-user-select: none; }
    table { border-spacing: 2px; table-layout: fixed; width: 100%; }
    td, th { text-align: center; padding: 4px 0; font-size: 12px; }
    label { display: flex; gap: 8px; align-items: center; }
    output { min-width: 7ch; }
    td, output { font-variant-numeric: tabular-nums; }
    button, input { font: inherit; color: inherit; cursor: pointer; accent-color: #0072B2; }
    button { min-width: 34px; min-height: 34px; padding: 0 10px;
      border: 1px solid; border-radius: 6px; background: none; }
    button:hover { background: rgb(128 128 128 / 20%); }
    button[aria-pressed=true] { font-weight: bold; box-shadow: inset 0 0 0 1px;
      background: rgb(0 114 178 / 30%); }
    :focus-visible { outline: 2px solid; outline-offset: 2px; }
    .lines p { margin: 4px 0; }
    .lines span { display: inline-block; }
    text { fill: currentColor; font-size: 11px; text-anchor: middle; }
    path { fill: none; stroke: currentColor; }
    circle { fill: currentColor; }
    .grey { fill: currentColor; opacity: 0.4; }
    .blue { fill: #0072B2; }
    .red { fill: #D55E00; }
    .hatched { fill: none; stroke: currentColor; }
    .faint { stroke-dasharray: 2 4; opacity: 0.5; }
    .strip { fill: currentColor; fill-opacity: 0.06; stroke-opacity: 0.3; stroke-width: 0.6; }
    .ahead { stroke-dasharray: 1 4; stroke-linecap: round; stroke-width: 2; }
    .target { fill: none; stroke: currentColor; stroke-width: 2; }
    .arrow { stroke: #D55E00; stroke-width: 3; }
    .head { fill: #D55E00; stroke-width: 1; }
    g[role=slider] { cursor: grab; outline: none; }
    foreignObject div { height: 100%; touch-action: none; }
    .grip { fill: currentColor; pointer-events: none; }
    g:focus-visible .grip { stroke: #D55E00; stroke-width: 4; paint-order: stroke; }
  `;

  // Parts: each is appended to its place once, and returns what draws it again.
  const shadow = root.attachShadow({ mode: "open" });
  const add = (parent, markup) => {
    parent.insertAdjacentHTML("beforeend", markup);
    return parent.lastElementChild;
  };
  const set = (element, attributes) =>
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  shadow.innerHTML = `<style>${STYLE}</style><div class="row"></div><div class="row panels">
    <div class="beside"><div class="lines"></div><slot></slot>
    <div class="row"></div></div></div>`;
  const [, controls, panels] = shadow.children, beside = panels.firstElementChild;
  const [formula, , buttons] = beside.children;
  // What a screen reader says after a change; a page that looks for it finds it, too.
  const status = document.createElement("output");
  root.replaceChildren(status);

  const addButtons = (...names) =>
    add(buttons, names.map((x) => `<button type="button" value="${x}">${x}</button>`).join(""));
  const addClasses = () => {
    const one = (_, i) => `<button type="button" name="true_class" value="${i + 1}"
      aria-label="true class ${i + 1}">${i + 1}</button>`;
    const group = add(controls, `<div role="group" aria-label="true class">true class
      ${state.z.map(one).join(" ")}</div>`);
    return () => [...group.children].forEach((x) =>
      x.setAttribute("aria-pressed", Number(x.value) === state.true_class));
  };
  const addRange = (name, label, attributes, value) => {
    const [input, output] = add(controls, `<label>${label}
      <input type="range" name="${name}" ${attributes}><output></output></label>`)
      .querySelectorAll("input, output");
    return () => {
      input.value = state[name];
      output.textContent = number(value());
      input.setAttribute("aria-valuetext", output.textContent);
    };
  };
  const addFigure = (title, width, content) => {
    beside.insertAdjacentHTML("beforebegin", `<figure style="width: ${width}px">
      <figcaption>${title}</figcaption>${content}</figure>`);
    return beside.previousElementSibling.lastElementChild;
  };
  // What a finger drags is HTML, for Chromium takes no touch-action from a part of an SVG.
  const touched = (box = "") => `<foreignObject ${box}><div></div></foreignObject>`;
  // One line after the other, for a pattern would need an id.
  const hatch = (x, y, width, height) => {
    let path = "";
    for (let c = 5; c < width + height; c += 5) {
      const from = Math.max(0, c - height), to = Math.min(c, width);
      path += `M${x + from} ${y + c - from}L${x + to} ${y + c - to}`;
    }
    return `<path d="${path}"/>`;
  };
  const addBars = (title, handles = "") => {
    const width = 50 * Math.max(3, n) + 24, height = 190, slot = (width - 24) / n;
    const picture = addFigure(title, width, `<svg viewBox="0 0 ${width} ${height}"
      role="${handles ? "group" : "img"}"><g aria-hidden="true"></g>${handles}</svg>`);
    const bars = { picture, height, width: 0.76 * slot, middle: (i) => 24 + slot * (i + 0.5) };
    // Up to `most` and down to `least`; each of `series` is [values, look, digits], where
    // for "words" only what is no number is written: two numbers do not fit side by side.
    bars.show = (least, most, name, ...series) => {
      bars.unit = (height - 40) / (1.15 * (most - least)); // the length of 1
      const zero = height - 22 + 1.15 * least * bars.unit;
      const y = (bars.y = (value) => zero - bars.unit * value);
      const across = (at, look) => `<path class="${look}" d="M24 ${y(at)}H${width}"/>`;
      const guide = (at) => `${across(at, "faint")}
        <text class="tick" x="11" y="${y(at) + 4}">${number(at, 0)}</text>`;
      const bar = (x, wide, value, look, digits, lean) => {
        const finite = Number.isFinite(value) ? value : 0, gap = look === "grey" ? 8 : 4;
        const top = Math.min(y(0), y(finite)), tall = Math.abs(y(0) - y(finite));
        const colour = look === "signed" ? (value > 0 ? "red" : "blue") : look;
        const end = finite < 0 ? top + tall + gap + 8 : top - gap;
        const text = `<text x="${x + wide / 2 + lean}" y="${end}">${number(value, digits)}</text>`;
        return `<rect class="${colour}" x="${x}" y="${top}" width="${wide}" height="${tall}"/>`
          + (look === "hatched" ? hatch(x, top, wide, tall) : "")
          + (digits === "words" && value === finite ? "" : text);
      };
      const wide = bars.width / series.length, away = 3 * (series.length - 1);
      const one = ([values, look, digits], s) => values.map((value, i) =>
        bar(bars.middle(i) - bars.width / 2 + s * wide, 0.94 * wide, value, look, digits,
          s ? away : -away)).join("");
      const names = state.z.map((_, i) =>
        `<text class="tick" x="${bars.middle(i)}" y="${height - 3}">class ${i + 1}</text>`);
      picture.setAttribute("aria-label", name);
      picture.firstElementChild.innerHTML = [least, most].filter(Boolean).map(guide).join("")
        + series.map(one).join("") + across(0, "axis") + names.join("");
    };
    return bars;
  };
  // Bars of z, each a slider: its end is dragged, or moved by keys.
  const addLogits = () => {
    const bars = addBars("logits <i>z</i>: drag a bar", state.z.map((_, i) =>
      `<g role="slider" tabindex="0" aria-label="logit z ${i + 1}" aria-orientation="vertical">
      ${touched()}<rect class="grip" height="6" rx="3"/></g>`).join(""));
    const handles = [...bars.picture.children].slice(1);
    handles.forEach((handle, i) => {
      handle.keys = (key) => {
        const by = { ArrowUp: 0.1, ArrowRight: 0.1, ArrowDown: -0.1, ArrowLeft: -0.1,
          PageUp: 1, PageDown: -1, Home: -Infinity, End: Infinity }[key];
        return by && (() => setLogit(i, state.z[i] + by));
      };
      handle.grab = () => {
        const before = state.z[i], { unit } = bars;
        return (right, down) => setLogit(i, Math.round((before - down / unit) * 10) / 10);
      };
    });
    return () => {
      const { z, limit } = state, a = softmax(scaled());
      bars.show(-limit, limit, "logits", [z, "grey"]);
      handles.forEach((handle, i) => {
        const [hit, grip] = handle.children, [zero, end] = [bars.y(0), bars.y(z[i])];
        const along = { x: bars.middle(i) - bars.width / 2, width: 0.94 * bars.width };
        set(grip, { ...along, y: end - 3 });
        set(hit, { ...along, y: Math.min(zero, end) - 14, height: Math.abs(zero - end) + 28 });
        set(handle, { "aria-valuemin": -limit, "aria-valuemax": limit, "aria-valuenow": z[i],
          "aria-valuetext": `${number(z[i])}, probability ${number(a[i])}` });
      });
    };
  };
  const addProbabilities = () => {
    const bars = addBars("probabilities <i>a</i>");
    return (a) => bars.show(0, 1, `probabilities a ${tuple(a)}`, [a, "blue"]);
  };
  const addLabels = (letter, digits) => {
    const bars = addBars(`probabilities <i>a</i>; labels <i>${letter}</i> hatched`);
    return (a, y) => bars.show(0, 1,
      `probabilities a ${tuple(a)}, labels ${letter} ${tuple(y, digits)}`,
      [a, "blue"], [y, "hatched", digits ? "words" : digits]);
  };
  // The triangle of all a for three classes: class 1 left, class 2 right, class 3 on top.
  const addTriangle = () => {
    const tall = 130 * Math.sqrt(3), corners = [[20, 248], [280, 248], [150, 248 - tall]];
    const at = (a) => [0, 1].map((axis) => dot(a, corners.map((corner) => corner[axis])));
    const picture = addFigure("drag <i>a</i>; shaded where <i>L</i> is larger", 300,
      `<svg viewBox="0 0 300 270" role="group" aria-label="the triangle of all probabilities">
      <g aria-hidden="true"></g><g role="slider" tabindex="0" aria-label="point a on the triangle"
      aria-roledescription="point" aria-valuemin="0" aria-valuemax="1">
      ${touched('x="-20" y="-20" width="40" height="40"')}
      <circle class="grip" r="7"/></g></svg>`);
    const [drawn, point] = picture.children;
    point.grab = () => {
      const [x, y] = at(softmax(state.z));
      return (right, down) => {
        const third = (248 - y - down) / tall, second = (x + right - 20) / 260 - third / 2;
        setProbabilities([1 - second - third, second, third]);
      };
    };
    point.keys = (key) => {
      const by = { ArrowLeft: [-5, 0], ArrowRight: [5, 0],
        ArrowUp: [0, -5], ArrowDown: [0, 5] }[key];
      return by && (() => point.grab()(...by));
    };
    const path = (points, look) =>
      `<path class="${look}" d="M${points.map((p) => p.join(" ")).join("L")}"/>`;
    const arrow = ([x, y], [u, v]) => {
      const long = Math.hypot(u - x, v - y), c = (9 * (u - x)) / long, s = (9 * (v - y)) / long;
      const side = (w) => [u - c - w * s, v - s + w * c];
      return long < 2 ? "" : path([[x, y], [u - c / 2, v - s / 2]], "arrow")
        + path([[u, v], side(0.5), side(-0.5)], "arrow head");
    };
    return () => {
      const a = softmax(state.z), ahead = [state.z], k = state.true_class - 1;
      while (ahead.length < 31) ahead.push(minus(ahead.at(-1), gradient(ahead.at(-1))));
      const [past, future] = [[...state.trail, state.z], ahead].map((zs) =>
        zs.map((z) => at(softmax(z))));
      // Where the loss -log a_k is above a level: a strip along the side of the others.
      const strip = (level) => {
        const others = [0, 1, 2].filter((i) => i !== k), share = Math.exp(-level);
        const cut = (i) => at([0, 1, 2].map((j) => (j === k) * share + (j === i) * (1 - share)));
        return path([...others.map((i) => corners[i]), ...others.reverse().map(cut)], "strip");
      };
      const name = ([, y], i) => `<text x="${[34, 266, 150][i]}" y="${i < 2 ? y + 18 : y - 10}">
        class ${i + 1}${i === k ? ", true" : ""}</text>`;
      drawn.innerHTML = [0.25, 0.5, 1, 1.5, 2, 4].map(strip).join("")
        + path([...corners, corners[0]], "axis") + path(future, "ahead") + path(past, "trail")
        + past.slice(0, -1).map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.5"/>`).join("")
        + `<circle class="target" cx="${corners[k][0]}" cy="${corners[k][1]}" r="7"/>`
        + arrow(...future) + corners.map(name).join("");
      set(point, { transform: `translate(${future[0]})`, "aria-valuenow": a[k],
        "aria-valuetext": `a = ${tuple(a)}` });
    };
  };

  // a, the labels and dz with their numbers, and descent on z.
  const addDescent = (letter, digits, ...shows) => {
    shows.push(addLogits());
    const showLabels = addLabels(letter, digits);
    const slopes = addBars(`<i>dz</i> = <i>a</i> − <i>${letter}</i>: up where <i>z</i>
      is to fall`);
    if (n === 3 && letter === "y") shows.push(addTriangle());
    const playing = addButtons(
      "sure and right", "sure and wrong", "undecided", "reset", "one step", "play");
    const label = `<i>${letter}<sub>i</sub></i>`;
    return () => {
      const { z, trail } = state, a = softmax(z), y = labels(), dz = gradient(), along = dot(y, z);
      shows.forEach((show) => show());
      showLabels(a, y);
      slopes.show(-1, 1, `dz ${tuple(dz)}`, [dz, "signed"]);
      playing.textContent = playing.value = timer ? "pause" : "play";
      formula.innerHTML = line("<i>dz</i>", `<i>a</i> − <i>${letter}</i>`,
        `${tuple(a)} − ${tuple(y, digits)}`, `<b>${tuple(dz)}</b>`)
        + line("<i>L</i>", `−Σ ${label} log ${a_i}`, `log Σ ${e_z} − Σ ${label} ${z_i}`,
          `${number(logSumExp(z))} − ${along < 0 ? `(${number(along)})` : number(along)}`,
          `<b>${number(loss(z))}</b>`);
      const losses = [...trail.slice(-3), z].map((x) => number(loss(x))).join(" → ");
      status.setAttribute("aria-live", timer ? "off" : "polite");
      status.innerHTML = `|<i>dz</i>| = <b>${number(size(dz))}</b>, ${trail.length}
        ${trail.length === 1 ? "step" : "steps"} of descent: <i>L</i> = ${losses}`;
    };
  };

  const mostProbable = (a) => {
    const most = Math.max(...a);
    return `most probable: class ${a.indexOf(most) + 1}, <i>a</i> = <b>${number(most)}</b>`;
  };
  const entries = {
    softmax() {
      const showLogits = addLogits(), showProbabilities = addProbabilities();
      addButtons("all z + 1", "all z − 1", "reset");
      return () => {
        const { z } = state, a = softmax(z), powers = z.map(Math.exp);
        showLogits();
        showProbabilities(a);
        formula.innerHTML = line(a_i, `${e_z} / Σ ${e_z.replaceAll("i</sub>", "k</sub>")}`)
          + line("<i>a</i>", `(${z.map((x) => `<i>e</i><sup>${number(x)}</sup>`).join(", ")}) / Σ`,
            `${tuple(powers)} / ${number(sum(powers))}`, `<b>${tuple(a)}</b>`);
        status.innerHTML = mostProbable(a);
      };
    },
    jacobian() {
      const showLogits = addLogits(), showProbabilities = addProbabilities();
      const table = addFigure(
        `∂${a_i}/∂<i>z<sub>j</sub></i> in row <i>i</i>, column <i>j</i>`,
        46 * Math.max(3, n) + 72, "<table></table>");
      addButtons("reset");
      const head = (i, scope) => `<th scope="${scope}">${i + 1}</th>`;
      // 60 percent of the colour at 1/4, beyond which no entry can be.
      const cell = (x) => `<td style="background: rgb(${x > 0 ? "213 94 0" : "0 114 178"} /
        ${Math.round(240 * Math.abs(x))}%)">${number(x)}</td>`;
      return () => {
        const a = softmax(state.z), J = jacobian(a), j = state.moved, i = (j + 1) % n;
        showLogits();
        showProbabilities(a);
        const heads = a.map((_, k) => head(k, "col")).join("");
        table.innerHTML = `<tr><td></td>${heads}<th scope="col">Σ</th></tr>`
          + J.map((row, k) => `<tr>${head(k, "row")}${row.map(cell).join("")}
            <td>${number(sum(row))}</td></tr>`).join("");
        const of = (letter, k) => `<i>${letter}</i><sub>${k + 1}</sub>`;
        const slope = (k, form, numbers) =>
          line(`∂${of("a", k)}/∂${of("z", j)}`, form, numbers, `<b>${number(J[k][j])}</b>`);
        const [a_j, other] = [of("a", j), of("a", i)];
        formula.innerHTML =
          slope(j, `${a_j} (1 − ${a_j})`, `${number(a[j])} · ${number(1 - a[j])}`)
          + (n > 1 ? slope(i, `−${other} ${a_j}`, `−${number(a[i])} · ${number(a[j])}`) : "");
        status.innerHTML = mostProbable(a);
      };
    },
    gradient: () => addDescent("y", 0, addClasses()),
    temperature() {
      const times = () => 10 ** state.size, over = () => 10 ** state.temperature;
      const shows = [addClasses(),
        addRange("size", "size <i>λ</i>", 'min="0" max="3" step="0.05"', times),
        addRange("temperature", "temperature <i>T</i>", 'min="-1" max="1" step="0.05"', over),
        addLogits()];
      const showLabels = addLabels("y", 0);
      const slopes = addBars(`∂<i>L</i>/∂<i>u</i> in float32: <i>a</i> − <i>y</i>;
        −<i>y/a</i> through <i>J</i> hatched`);
      addButtons("reset");
      return () => {
        const u = scaled(), y = labels();
        const a = softmax(u.map(Math.fround), Math.fround);
        const ways = [minus(a, y), throughJacobian(a, y, Math.fround)];
        shows.forEach((show) => show());
        showLabels(softmax(u), y);
        slopes.show(-1, 1, `a − y ${tuple(ways[0])}, through the Jacobian ${tuple(ways[1])}`,
          [ways[0], "blue"], [ways[1], "hatched", "words"]);
        formula.innerHTML = line("<i>u</i>", "<i>λ z / T</i>",
          `${number(times())} ${tuple(state.z)} / ${number(over())}`, `<b>${tuple(u)}</b>`)
          + line("<i>a</i> − <i>y</i>", `${tuple(a)} − ${tuple(y, 0)}`,
            `<b>${tuple(ways[0])}</b>`)
          + line("−<i>y/a</i> through <i>J</i>", `<b>${tuple(ways[1])}</b>`);
        status.innerHTML = mostProbable(softmax(u));
      };
    },
    smoothing() {
      const share = () => state.share, one = (_, i) => Number(i + 1 === state.true_class);
      const showDescent = addDescent("f", 2, addClasses(),
        addRange("share", "smoothing <i>α</i>", 'min="0" max="1" step="0.01"', share));
      return () => {
        showDescent();
        const y = tuple(state.z.map(one), 0);
        const numbers = `${number(1 - share())} ${y} + ${number(share())}/${n}`;
        formula.innerHTML = line("<i>f</i>", "(1 − <i>α</i>) <i>y</i> + <i>α/n</i>", numbers,
          `<b>${tuple(labels())}</b>`) + formula.innerHTML;
      };
    },
  };

  // Events, of whatever part. A notebook has its own use for the keys that are ours.
  let drag;
  const on = (name, listen) => shadow.addEventListener(name, listen);
  on("click", ({ target: { name, value } }) => {
    if (name === "true_class") act(() => (state.true_class = Number(value)));
    else if (actions[value]) act(actions[value]);
  });
  on("input", ({ target }) => act(() => (state[target.name] = Number(target.value))));
  on("keydown", (event) => {
    const move = event.target.keys?.(event.key);
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act(move);
  });
  on("pointerdown", ({ target, pointerId, clientX, clientY }) => {
    const handle = target.closest("[role=slider]");
    if (!handle) return;
    handle.setPointerCapture(pointerId);
    const scale = handle.ownerSVGElement.getScreenCTM().a, move = handle.grab();
    drag = (event) => act(() =>
      move((event.clientX - clientX) / scale, (event.clientY - clientY) / scale));
  });
  on("pointermove", (event) => drag?.(event));
  on("lostpointercapture", () => (drag = undefined));
  draw = entries[root.dataset.explorer]();
  draw();
})();
