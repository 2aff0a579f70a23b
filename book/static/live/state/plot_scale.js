// Where the values of a plot lie, and how they are said; nothing here draws.

function finite(values) {
  return values.filter((value) => Number.isFinite(value));
}

/** From values to places; a flat line lies in the middle. */
export function scale(values, from, to) {
  const found = finite(values);
  let [low, high] = [Math.min(...found), Math.max(...found)];
  if (!(high > low)) [low, high] = [(low || 0) - 1, (low || 0) + 1];
  const place = (value) => from + ((value - low) / (high - low)) * (to - from);
  return Object.assign(place, { low, high });
}

/** Three to eight round values between two. */
export function ticks(low, high) {
  const most = (high - low) / 3;
  const power = 10 ** Math.floor(Math.log10(most));
  const step = [5, 2, 1].map((x) => x * power).find((x) => x <= most) ?? power;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, k) => (first + k) * step);
}

export function path(z, values, across, up) {
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

export function number(value) {
  return String(Number(value.toPrecision(3))).replace("-", "−");
}

export function described(z, loss, gradient) {
  const [left, right] = [z[0], z.at(-1)].map(number);
  const told = (name, values) => {
    const found = finite(values);
    if (!found.length) return `the ${name} is never finite`;
    return `the ${name} goes from ${number(found[0])} to ${number(found.at(-1))}, ` +
      `between ${number(Math.min(...found))} and ${number(Math.max(...found))}`;
  };
  return `Over one logit from ${left} to ${right}, ${told("loss", loss)}; ${told("gradient", gradient)}.`;
}
