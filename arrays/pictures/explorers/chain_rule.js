// The chain rule as a table: dz_j sums column j of the Jacobian, row i times −y_i/a_i. With one
// true class only its row is left: one entry with i = j, and for all other logits i ≠ j.
const chainRuleOf = ({ state, n, labels, gradient }) => () => {
  const a = softmax(state.z), y = labels(), J = jacobian(a), dz = gradient(), c = state.true_class;
  const name = (letter, k) => `${letter}_{${k + 1}}`, isLeft = (i, j) => y[i] && !(state.without && i !== j);
  const cell = (value, i, j) => `<td class="${isLeft(i, j) ? (i === j ? "equal" : "unequal") : "gone"}">${value}</td>`;
  const row = (head, cells) => `<tr><th scope="row">${head}</th>${cells.join("")}</tr>`;
  const factor = (i) => `${math(`−${name("y", i)}/${name("a", i)}`)} = ${number(y[i] && -y[i] / a[i])}`;
  const others = y.flatMap((p, j) => (p ? [] : [`${name("dz", j)} = ${state.without ? "0" : name("a", j)}`])).join(", ");
  const end = (j) => (c && j !== c - 1 && !state.without && n < 5 ? ` = ${math(name("a", j))}` : "");
  const why = c && n > 1 ? `. Of it only row <i>i</i> = ${c} is left; its entries with <i class="unequal">i ≠ j</i>
    ${state.without ? "are left out: nothing moves the wrong classes" : "are all that the wrong classes get"}, ${math(others)}` : "";
  return `<table><caption>${math("dz_j = Σ_i (−y_i/a_i) ∂a_i/∂z_j")}${why}</caption>
    <tr><td></td>${y.map((_, j) => `<th scope="col">${math(`∂a_i/∂${name("z", j)}`)}</th>`).join("")}</tr>`
    + J.map((entries, i) => row(factor(i), entries.map((entry, j) => cell(number(entry), i, j)))).join("")
    + row(math("dz_j"), dz.map((slope, j) => `<td><b>${number(slope)}</b>${end(j)}</td>`)) + "</table>";
};
