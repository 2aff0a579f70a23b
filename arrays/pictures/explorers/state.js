// The logits and the choices of the reader. All that an explorer shows follows from them.
const stateFrom = (start) => {
  const n = start.z.length;
  const fresh = { share: 0, size: 0, temperature: 0, without: false, rate: 1, ...start, moved: 0,
    limit: 5, trail: [] };
  const state = { ...fresh };
  const scaled = () => state.z.map((x) => (10 ** state.size * x) / 10 ** state.temperature);
  // True class 0 stands for many examples, whose classes have these frequencies.
  const labels = () => (state.true_class === 0 ? state.frequencies : state.z.map((_, i) =>
    (1 - state.share) * (i + 1 === state.true_class) + state.share / n));
  // What the terms i = j and the terms i ≠ j of the chain rule give: together a - y.
  const cases = (z = state.z) => {
    const a = softmax(z), y = labels(), total = sum(y);
    return { equal: a.map((p, j) => -y[j] * (1 - p)), unequal: a.map((p, j) => p * (total - y[j])) };
  };
  const gradient = (z = state.z) =>
    (state.without ? cases(z).equal : minus(softmax(z), labels()));
  const next = (z) => minus(z, gradient(z).map((slope) => state.rate * slope));
  const loss = (z) => logSumExp(z) - dot(labels(), z);

  // What a reader does to it.
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
  const step = () => moveTo(next(state.z), [...state.trail, state.z]);
  const reset = () => { // the numbers; what is chosen and ticked stays
    const { true_class, without } = state;
    Object.assign(state, fresh, { true_class, without });
  };
  return {
    state, n, scaled, labels, cases, gradient, loss, next, moveTo, setLogit, setProbabilities,
    step, reset,
  };
};
