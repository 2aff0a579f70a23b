// The triangle of all a for three classes: class 1 left, class 2 right, class 3 on top.
const triangleOf = ({ state, labels, next, setProbabilities }, addFigure) => {
  const tall = 130 * Math.sqrt(3), corners = [[20, 248], [280, 248], [150, 248 - tall]];
  const at = (a) => [0, 1].map((axis) => dot(a, corners.map((corner) => corner[axis])));
  const picture = addFigure(`${DRAG} <i>a</i><span class='keys'>, or arrow keys</span>; shaded: larger <i>L</i>`, 300,
    `<svg viewBox="0 -12 300 292" role="group" aria-label="the triangle of all probabilities">
    <g aria-hidden="true"></g><g role="slider" tabindex="0" aria-label="point a on the triangle"
    aria-roledescription="point" aria-valuemin="0" aria-valuemax="1">
    <rect class="finger" x="-22" y="-22" width="44" height="44"/>
    <circle class="grip" r="7"/></g><g aria-hidden="true"></g></svg>`);
  const [drawn, point, above] = picture.children;
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
  const closed = (points) => [...points, points[0]];
  const curve = (points) => `M${points.map((p) => p.join(" ")).join("L")}`;
  const path = (points, look, ...more) =>
    `<path class="${look}" d="${[points, ...more].map(curve).join("")}"/>`;
  const arrow = ([x, y], [u, v]) => {
    const long = Math.hypot(u - x, v - y), c = (9 * (u - x)) / long, s = (9 * (v - y)) / long;
    const side = (w) => [u - c - w * s, v - s + w * c];
    return long < 2 ? "" : path([[x, y], [u - c / 2, v - s / 2]], "arrow")
      + path([[u, v], side(0.5), side(-0.5)], "arrow head");
  };
  return () => {
    const a = softmax(state.z), y = labels(), k = state.true_class - 1, ahead = [state.z];
    while (ahead.length < (state.without ? 101 : 31)) ahead.push(next(ahead.at(-1)));
    const [past, future] = [[...state.trail, state.z], ahead].map((zs) =>
      zs.map((z) => at(softmax(z))));
    const strip = (level) => path(closed(corners), "strip", closed(levelCurve(y, level).map(at)));
    const [right, down] = at(y), [x, height] = at(endWithoutOthers(y));
    const line = (by) => [[x - 9, height - by], [x + 9, height + by]];
    const name = ([, y], i) => `<text style="text-anchor: ${["start", "end", "middle"][i]}" x="${[2, 298, 150][i]}" y="${i < 2 ? y + 28 : y - 14}">
      class ${i + 1}${i === k ? ", true" : ""}</text>`;
    drawn.innerHTML = [0.06, 0.12, 0.25, 0.5, 1, 2, 4].map(strip).join("")
      + path(closed(corners), "axis") + path(future, "ahead") + path(past, "trail")
      + past.slice(0, -1).map(([x, y]) => `<circle cx="${x}" cy="${y}" r="2.5"/>`).join("")
      + `<circle class="target" cx="${right}" cy="${down}" r="10"/>`
      + arrow(...future) + corners.map(name).join("");
    above.innerHTML = state.without ? path(line(9), "end", line(-9)) : "";
    set(point, { transform: `translate(${future[0]})`, "aria-valuenow": a[Math.max(k, 0)],
      "aria-valuetext": `a = ${tuple(a)}` });
  };
};
