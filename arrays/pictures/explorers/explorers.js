// The six explorers: what each shows, in formulas with numbers, and what a reader does to it.
const sides = (terms, last) => `<p>${terms.map((term, k) => `<span>${
  (k + 1 < terms.length ? math : last)(k ? `= ${term}` : term)}</span>`).join(" ")}</p>`;
const line = (...terms) => sides(terms, math), result = (...terms) => sides(terms, bold);

// Build an explorer in a shadow root of its element: no style or name leaks, two on a page
// do not meet, and where scripts do not run nothing dead is shown.
const explore = (root) => {
  const logits = stateFrom(JSON.parse(root.dataset.start));
  const { state, n, scaled, labels, cases, gradient, loss, moveTo, step, reset } = logits;
  const { shadow, formula, status, tell, addButtons, addLarge, addClasses, addRange, addSwitch,
    addFigure, addBars, addLogits, addProbabilities, addLabels } = partsOf(root, logits);

  // What the buttons do. Every action stops descent.
  let draw, timer;
  const arrived = () => {
    const dz = gradient(), mean = sum(dz) / n; // a push on all logits alike moves no a
    const near = state.true_class === 0 ? 0.0007 : 0.02; // at a corner steps never end
    return size(dz.map((x) => x - mean)) < near || !root.isConnected;
  };
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
        timer = setInterval(() => (arrived() ? stop() : step(), draw()), 150 / state.rate);
      }
    },
    "pause": () => {},
    reset,
  };
  const act = (change) => (stop(), change(), draw());
  const taken = () => `${state.trail.length} ${state.trail.length === 1 ? "step" : "steps"}`;

  // a, the labels and dz with their numbers, and descent on z.
  const addDescent = (letter, digits, ...shows) => {
    shows.push(addLogits());
    const showLabels = addLabels(letter, digits);
    const slopes = addBars(`<i>dz</i> = <i>a</i> − <i>${letter}</i>: up where <i>z</i>
      is to fall`);
    if (n === 3 && letter === "y") shows.push(triangleOf(logits, addFigure));
    const playing = addButtons(
      "sure and right", "sure and wrong", "undecided", "reset", "one step", "play");
    return (...more) => {
      const { z, trail } = state, a = softmax(z), y = labels(), dz = gradient(), along = dot(y, z);
      shows.forEach((show) => show());
      showLabels(a, y);
      slopes.show(-1, 1, `dz ${tuple(dz)}`, [dz, "signed"]);
      playing.textContent = playing.value = timer ? "pause" : "play";
      formula.innerHTML =
        result("dz", `a − ${letter}`, `${tuple(a)} − ${tuple(y, digits)}`, tuple(dz))
        + result("L", `−Σ ${letter}_i log a_i`, `log Σ e^{z_i} − Σ ${letter}_i z_i`,
          `${number(logSumExp(z))} − ${along < 0 ? `(${number(along)})` : number(along)}`,
          number(loss(z)));
      const losses = [...trail.slice(-3), z].map((x) => number(loss(x))).join(" → ");
      status.innerHTML = `${math("|dz| =")} ${bold(number(size(dz)))}, ${taken()}
        of descent: ${math(`L = ${losses}`)}`;
      if (!timer) tell(`dz = ${tuple(dz)}`, `L = ${number(loss(z))}`, taken(), ...more);
    };
  };

  const mostProbable = (a) => {
    const most = Math.max(...a);
    return `most probable: class ${a.indexOf(most) + 1}, ${math("a =")} ${bold(number(most))}`;
  };
  // One function for each explorer: it adds the parts, and returns what draws them.
  const entries = {
    softmax() {
      const showLogits = addLogits(), showProbabilities = addProbabilities();
      addButtons("all z + 1", "all z − 1", "reset");
      return () => {
        const { z } = state, a = softmax(z), powers = z.map(Math.exp);
        showLogits();
        showProbabilities(a);
        formula.innerHTML = line("a_i", "e^{z_i} / Σ e^{z_k}")
          + result("a", `(${z.map((x) => `e^{${number(x)}}`).join(", ")}) / Σ`,
            `${tuple(powers)} / ${number(sum(powers))}`, tuple(a));
        status.innerHTML = mostProbable(a);
        tell(`a = ${tuple(a)}`, mostProbable(a));
      };
    },
    jacobian() {
      const showLogits = addLogits(), showProbabilities = addProbabilities();
      const table = addFigure(
        `${math("∂a_i/∂z_j")} in row <i>i</i>, column <i>j</i>`,
        56 * Math.max(3, n) + 72, "<table></table>");
      addButtons("reset");
      const head = (i, scope) => `<th scope="${scope}">${i + 1}</th>`;
      // 60 percent of the colour at 1/4, beyond which no entry can be.
      const cell = (k) => (x, j) => `<td class="${k === j ? "equal" : "unequal"}" style="background: rgb(${x > 0 ? "213 94 0" : "0 114 178"} /
        ${Math.round(240 * Math.abs(x))}%)">${number(x)}</td>`;
      return () => {
        const a = softmax(state.z), J = jacobian(a), j = state.moved, i = (j + 1) % n;
        showLogits();
        showProbabilities(a);
        const heads = a.map((_, k) => head(k, "col")).join("");
        table.innerHTML = `<tr><td></td>${heads}<th scope="col">Σ</th></tr>`
          + J.map((row, k) => `<tr>${head(k, "row")}${row.map(cell(k)).join("")}
            <td>${number(sum(row))}</td></tr>`).join("");
        const of = (letter, k) => `${letter}_{${k + 1}}`;
        const by = (k) => `∂${of("a", k)}/∂${of("z", j)}`;
        const slope = (k, form, numbers) => result(by(k), form, numbers, number(J[k][j]));
        const [a_j, other] = [of("a", j), of("a", i)];
        formula.innerHTML =
          slope(j, `${a_j} (1 − ${a_j})`, `${number(a[j])} · ${number(1 - a[j])}`)
          + (n > 1 ? slope(i, `−${other} ${a_j}`, `−${number(a[i])} · ${number(a[j])}`) : "");
        status.innerHTML = mostProbable(a);
        tell(...(n > 1 ? [j, i] : [j]).map((k) => `${by(k)} = ${number(J[k][j])}`), mostProbable(a));
      };
    },
    gradient: () => addDescent("y", 0, addClasses()),
    both_cases() {
      // The triangle first, and the switch beside the buttons: on a phone it is seen with z, a, dz and the table.
      const shows = [addSwitch("without", "<b>without <i>i ≠ j</i></b>"), addClasses()];
      if (n === 3) shows.push(triangleOf(logits, addFigure));
      shows.push(addLogits());
      const showLabels = addLabels("y", 2);
      const slopes = addBars(`<i>dz</i>: <i class="equal">i = j</i> down,
        <i class="unequal">i ≠ j</i> up`);
      const playing = addButtons("reset", "one step", "play");
      const chainRule = chainRuleOf(logits), from_own = "−y_j (1 − a_j)", from_others = "a_j Σ_{i ≠ j} y_i";
      const ofCase = (look, name, formulas) =>
        formulas.replace("<p>", `<p><i class="${look}">${math(name)}</i>: `);
      return () => {
        const { z, trail, without } = state, a = softmax(z), y = labels();
        const { equal, unequal } = cases(), zeros = z.map(() => 0);
        shows.forEach((show) => show());
        showLabels(a, y);
        slopes.show(-1, 1, `dz, i = j ${tuple(equal)}, i ≠ j ${without ? "left out" : tuple(unequal)}`,
          [equal, "equal"], without ? [zeros, "unequal", "words"] : [unequal, "unequal"]);
        playing.textContent = playing.value = timer ? "pause" : "play";
        formula.innerHTML = chainRule() + ofCase("equal", "i = j", line(from_own, tuple(equal)))
          + (without ? "" : ofCase("unequal", "i ≠ j", line(from_others, tuple(unequal)))) + result("dz", without ? from_own : "a − y", tuple(gradient()));
        const end = without ? endWithoutOthers(y) : y, isRight = size(minus(end, y)) < 1e-9;
        const still = y.flatMap((p, i) => (p ? [] : i + 1));
        const those = (letter) => math(still.map((j) => `${letter}_{${j}}`).join(", "));
        const norms = [...trail.slice(-3), z].map((x) => number(sum(x.map(Math.exp)))).join(" → ");
        const why = !without || !still.length ? "" : `. No step moves ${those("z")}: only the normaliser
          ${math(`Σ e^{z_k} = ${norms}`)} lets ${those("a")} fall. The direction is wrong all the same: with
          one true class, what is left of ${math("dz")} still raises the true logit, and so leads to
          ${math("y")}; with the frequencies it leads to ${math(`a = ${tuple(endWithoutOthers(state.frequencies))}`)}`;
        const ends = `descent
          ends at ${math("a =")} ${bold(tuple(end))}${isRight ? ` ${math("= y")}` : `, not at ${math("y")}`}`;
        status.innerHTML = `${without ? "without" : "with"} ${math("i ≠ j")}: ${ends};
          after ${taken()} ${math(`a = ${tuple(a)}`)},
          ${math(`L = ${number(loss(z))}`)}${why}`;
        if (!timer) tell(`dz = ${tuple(gradient())}`, `i = j ${tuple(equal)}`, `i ≠ j ${without ? "left out" : tuple(unequal)}`,
          `L = ${number(loss(z))}`, taken(), ends + why);
      };
    },
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
        formula.innerHTML = result("u", "λ z / T",
          `${number(times())} ${tuple(state.z)} / ${number(over())}`, tuple(u))
          + result("a − y", `${tuple(a)} − ${tuple(y, 0)}`, tuple(ways[0]))
          + result("−y/a through J", tuple(ways[1]));
        status.innerHTML = mostProbable(softmax(u));
        tell(`a − y = ${tuple(ways[0])}`, `−y/a through J = ${tuple(ways[1])}`, mostProbable(softmax(u)));
      };
    },
    smoothing() {
      const share = () => state.share, one = (_, i) => Number(i + 1 === state.true_class);
      const showDescent = addDescent("f", 2, addClasses(),
        addRange("share", "smoothing <i>α</i>", 'min="0" max="1" step="0.01"', share));
      return () => {
        showDescent(`f = ${tuple(labels())}`);
        const y = tuple(state.z.map(one), 0);
        const numbers = `${number(1 - share())} ${y} + ${number(share())}/${n}`;
        formula.innerHTML = result("f", "(1 − α) y + α/n", numbers, tuple(labels()))
          + formula.innerHTML;
      };
    },
  };

  // Events, of whatever part. A notebook has its own use for the keys that are ours.
  let drag, resting;
  const on = (name, listen) => shadow.addEventListener(name, listen);
  on("click", ({ target: { name, value } }) => {
    if (name === "true_class") act(() => (state.true_class = Number(value)));
    else if (actions[value]) act(actions[value]);
  });
  on("input", ({ target: { name, type, checked, value } }) =>
    act(() => (state[name] = type === "checkbox" ? checked : Number(value))));
  on("keydown", (event) => {
    const move = event.target.keys?.(event.key);
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    act(move);
  });
  on("pointerdown", ({ target, pointerType, pointerId, clientX, clientY }) => {
    const handle = target.closest("[role=slider]");
    if (!handle || (target.matches(".whole") && pointerType !== "mouse")) return;
    const take = () => {
      handle.classList.add("taken");
      const scale = handle.ownerSVGElement.getScreenCTM().a, move = handle.grab();
      drag = (event) => act(() =>
        move((event.clientX - clientX) / scale, (event.clientY - clientY) / scale));
    };
    if (pointerType !== "mouse") return (resting = setTimeout(take, 150)); // a finger that moves on at once scrolls
    handle.setPointerCapture(pointerId);
    take();
  });
  on("pointermove", (event) => drag?.(event));
  root.addEventListener("touchmove", (event) => drag && event.preventDefault(), { passive: false });
  on("lostpointercapture", ({ target }) => {
    clearTimeout(resting);
    target.closest("[role=slider]")?.classList.remove("taken");
    drag = undefined;
  });
  const show = entries[root.dataset.explorer]();
  const hasShrunk = document.fullscreenEnabled ? addLarge(() => draw()) : () => false;
  draw = () => {
    show();
    if (hasShrunk()) show();
    const { z, moved } = state, y = labels();
    root.dataset.now = JSON.stringify({ z, y, moved }); // for the page around it
  };
  draw();
};

// A page runs the script where it stands, VS Code a copy of it beside the element.
const script = document.currentScript;
const others = [...script.parentElement.querySelectorAll("[data-explorer]")];
const element = script.closest("[data-explorer]") ?? others.find((x) => !x.shadowRoot);
if (element && !element.shadowRoot) {
  explore(element);
  // In JupyterLab the output above is the picture of the start: this one takes its place.
  const above = element.closest(".jp-OutputArea-child")?.previousElementSibling;
  if (above?.querySelector("img")) above.style.display = "none";
}
