// The triangle of all a for three classes: class 1 left, class 2 right, class 3 on top.
const triangleOf = ({ state, gradient, setProbabilities }, addFigure) => {
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
