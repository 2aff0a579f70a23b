// The parts of an explorer: buttons, sliders and bars. Each function appends its part once,
// and returns the function that draws it again.
const add = (parent, markup) => {
  parent.insertAdjacentHTML("beforeend", markup);
  return parent.lastElementChild;
};
const set = (element, attributes) =>
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
// What a finger takes is as small as a finger, and is taken by one that rests on it for a moment.
const FINGER = 68;
const DRAG = typeof matchMedia !== "undefined" && matchMedia("(pointer: coarse)").matches ? "hold, then drag" : "drag";

const partsOf = (root, { state, n, scaled, setLogit }) => {
  const shadow = root.attachShadow({ mode: "open" });
  shadow.innerHTML = `<style>${STYLE}</style><div class="row"></div><div class="row panels">
    <div class="beside"><div class="row"></div><div class="lines"></div><slot></slot></div></div>
    <p class="heard" role="status"></p>`;
  const [, controls, panels, heard] = shadow.children, beside = panels.firstElementChild;
  const [buttons, formula] = beside.children; // above what grows: no button moves when one is pressed
  // What it comes to, for a page that looks for it, too.
  const status = document.createElement("output");
  set(status, { "aria-live": "off" });
  root.replaceChildren(status);
  // What a screen reader says after a change: of these sentences those that are new.
  let told;
  const tell = (...sentences) => {
    const now = sentences.map((markup) => markup.replace(/<[^>]*>|[{}]/g, "").replace(/\s+/g, " "));
    const news = told && now.filter((sentence) => !told.includes(sentence)).join(", ");
    if (told) heard.textContent = news || `z = ${tuple(state.z)}, ${now[0]} as before`;
    told = now;
  };

  const addButtons = (...names) =>
    add(buttons, names.map((x) => `<button type="button" value="${x}">${x}</button>`).join(""));
  // For a projector: as large as the screen, until the button or the Escape key leads back.  The bars
  // are as tall as there is room for; what is returned makes them less tall where words need it.
  const charts = [];
  const stretch = (more) => charts.forEach((one) => one.stretch(more));
  const tall = (...parts) => Math.max(...parts.map((x) => x.getBoundingClientRect().height));
  const addLarge = (draw) => {
    const button = add(buttons, '<button type="button" class="large">large</button>');
    let more = 0;
    const small = () => root.matches(":fullscreen") && document.exitFullscreen();
    const fit = () => {
      stretch(more = 0);
      draw();
      if (!root.matches(":fullscreen")) return;
      const figures = [...panels.querySelectorAll("figure")], pictures = charts.map((one) => one.picture);
      const free = root.clientHeight - panels.getBoundingClientRect().bottom - 16;
      const lower = tall(...figures) - tall(...pictures.map((x) => x.parentElement));
      stretch(more = Math.max(0, (free + lower) / pictures[0].getScreenCTM().a));
      draw();
    };
    button.addEventListener("click", () => small() || root.requestFullscreen());
    document.addEventListener("keydown", ({ key }) => key === "Escape" && small());
    addEventListener("resize", fit);
    root.addEventListener("fullscreenchange", () => {
      fit();
      const isLarge = root.matches(":fullscreen");
      let behind = root.parentElement;
      while (behind && / 0\)$/.test(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement;
      root.style.background = isLarge ? (behind ? getComputedStyle(behind).backgroundColor : "Canvas") : "";
      button.textContent = isLarge ? "small" : "large";
    });
    return () => {
      const over = root.scrollHeight - root.clientHeight;
      if (!more || over <= 0) return false;
      stretch(more = Math.max(0, more - over / charts[0].picture.getScreenCTM().a));
      return true;
    };
  };
  const addClasses = () => {
    const one = (_, i) => `<button type="button" name="true_class" value="${i + 1}"
      aria-label="true class ${i + 1}">${i + 1}</button>`;
    const many = state.frequencies ? `or frequencies <button type="button" name="true_class"
      value="0" aria-label="frequencies ${tuple(state.frequencies)}">${tuple(state.frequencies)}</button>` : "";
    const group = add(controls, `<div role="group" aria-label="true class">true class
      ${state.z.map(one).join(" ")} ${many}</div>`);
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
  const addSwitch = (name, label) => {
    const input = add(buttons, `<label><input type="checkbox" name="${name}">${label}</label>`)
      .firstElementChild;
    return () => (input.checked = state[name]);
  };
  const addFigure = (title, width, content, look = "") => {
    beside.insertAdjacentHTML("beforebegin", `<figure class="${look}" style="width: ${width / 14}em">
      <figcaption>${title}</figcaption>${content}</figure>`);
    return beside.previousElementSibling.lastElementChild;
  };
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
    const left = 30, foot = 38; // room for what stands beside the guides, and below the bars
    const width = 50 * Math.max(3, n) + left, slot = (width - left) / n;
    let height = 168 + foot;
    const picture = addFigure(title, width, `<svg viewBox="0 0 ${width} ${height}"
      role="${handles ? "group" : "img"}"><g aria-hidden="true"></g>${handles}</svg>`, n > 3 ? "" : "bars");
    panels.classList.toggle("three", panels.querySelectorAll(".bars").length === 3);
    const bars = { picture, slot, width: 0.76 * slot, middle: (i) => left + slot * (i + 0.5) };
    charts.push(bars);
    bars.stretch = (more) => {
      height = 168 + foot + more;
      set(picture, { viewBox: `0 0 ${width} ${height}` });
    };
    // Up to `most` and down to `least`; each of `series` is [values, look, digits], where
    // for "words" only what is no number is written: two numbers do not fit side by side. So
    // no number is written, either, where one bar of a pair is 0 and nothing is seen of it.
    bars.show = (least, most, name, ...series) => {
      bars.unit = (height - foot - 18) / (1.15 * (most - least)); // the length of 1
      const zero = height - foot + 1.15 * least * bars.unit;
      const y = (bars.y = (value) => zero - bars.unit * value);
      const across = (at, look) => `<path class="${look}" d="M${left} ${y(at)}H${width}"/>`;
      const guide = (at) => `${across(at, "faint")}
        <text class="tick guide" x="${left - 12}" y="${y(at) + 4}">${number(at, 0)}</text>`;
      const bar = (x, wide, value, look, digits, isBeside) => {
        const finite = Number.isFinite(value) ? value : 0, gap = look === "grey" ? 8 : 4;
        const top = Math.min(y(0), y(finite)), tall = Math.abs(y(0) - y(finite));
        const colour = look === "signed" ? `signed ${value > 0 ? "red" : "blue"}` : look;
        const end = finite < 0 ? top + tall + gap + 8 : top - gap;
        const text = `<text class="${finite < 0 ? "below" : ""} ${isBeside ? "before" : ""}" x="${x + (isBeside ? wide : wide / 2)}" y="${end}">${number(value, digits)}</text>`;
        return `<rect class="${colour}" x="${x}" y="${top}" width="${wide}" height="${tall}"/>`
          + (look === "hatched" || look === "unequal" ? hatch(x, top, wide, tall) : "")
          + ((digits === "words" && value === finite) || (isPair && value === 0) ? "" : text);
      };
      const wide = bars.width / series.length, isPair = series.length > 1, isHatched = series[1]?.[1] === "hatched";
      const one = ([values, look, digits], s) => values.map((value, i) =>
        bar(bars.middle(i) - bars.width / 2 + s * wide, 0.94 * wide, value, look, digits, isHatched && !s)).join("");
      const isLong = series.some(([values, , digits]) => values.some((value) => number(value, digits).length > 4));
      picture.classList.toggle("long", isLong || isPair);
      const names = state.z.map((_, i) =>
        `<text class="tick" x="${bars.middle(i)}" y="${height - 3}"><tspan>class </tspan>${i + 1}</text>`);
      picture.setAttribute("aria-label", name);
      picture.firstElementChild.innerHTML = [least, most].filter(Boolean).map(guide).join("")
        + series.map(one).join("") + across(0, "axis") + names.join("");
    };
    return bars;
  };
  // Bars of z, each a slider: its end is dragged, or moved by keys.
  const addLogits = () => {
    const bars = addBars(`logits <i>z</i>: ${DRAG} a bar’s end<span class='keys'>, or arrow keys</span>`, state.z.map((_, i) =>
      `<g role="slider" tabindex="0" aria-label="logit z ${i + 1}" aria-orientation="vertical">
      <rect class="whole"/><rect class="finger" height="${FINGER}"/><rect class="grip" height="6" rx="3"/></g>`).join(""));
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
        const [whole, finger, grip] = handle.children, [zero, end] = [bars.y(0), bars.y(z[i])];
        const left = bars.middle(i) - bars.width / 2, slot = { x: bars.middle(i) - bars.slot / 2, width: bars.slot };
        set(grip, { x: left, width: 0.94 * bars.width, y: end - 3 });
        set(finger, { ...slot, y: end - FINGER / 2 });
        set(whole, { ...slot, y: Math.min(zero, end), height: Math.abs(zero - end) });
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
  return { shadow, formula, status, tell, addButtons, addLarge, addClasses, addRange, addSwitch, addFigure,
    addBars, addLogits, addProbabilities, addLabels };
};
