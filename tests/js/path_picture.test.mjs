// The picture of a question of the path: its columns, and when a goal is reached.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { test } from "node:test";

// It imports the functions of the explorers, which the build makes a module (book/assets.py).
const at = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const folder = mkdtempSync(join(tmpdir(), "path-"));
writeFileSync(join(folder, "package.json"), '{"type": "module"}');
writeFileSync(join(folder, "picture.js"), at("book/static/path/picture.js"));
writeFileSync(join(folder, "numbers.js"),
  `${at("arrays/pictures/explorers/numbers.js")}\nexport { jacobian, minus, number, softmax };`);
const { columns, hasReached } = await import(pathToFileURL(join(folder, "picture.js")));

const near = (values, expected) => {
  assert.equal(values.length, expected.length);
  values.forEach((x, k) => assert.ok(Math.abs(x - expected[k]) < 1e-12, `${values} is not ${expected}`));
};
const Z = [Math.log(2), 0, 0], A = [1 / 2, 1 / 4, 1 / 4], Y = [0.6, 0.3, 0.1];

test("columns are the definitions' numbers, of the Jacobian one a logit", () => {
  const known = columns(Z, Y);
  near(known.a[0], A);
  near(known.J[0], [1 / 4, -1 / 8, -1 / 8]);
  near(known.J[1], [-1 / 8, 3 / 16, -1 / 16]);
  near(known.da[0], [-1.2, -1.2, -0.4]);
  near(known.equal[0], [-0.3, -0.225, -0.075]);
  near(known.unequal[0], [0.2, 0.175, 0.225]);
  near(known.dz[0], [-0.1, -0.05, 0.15]);
  assert.deepEqual(Object.keys(columns(Z, [])), ["z", "a", "J"]);
});

test("a goal is reached by the entry of a class, or by each entry", () => {
  assert.equal(hasReached(Z, [], { column: "a", class: 1, from: 0.75 }), false);
  assert.equal(hasReached([3, 0, 0], [], { column: "a", class: 1, from: 0.75 }), true);
  assert.equal(hasReached([3, 0, 0], [], { column: "a", class: 2, from: 0.75 }), false);
  assert.equal(hasReached(Z, Y, { column: "dz", from: -0.1, to: 0.1 }), false);
  assert.equal(hasReached(Z, Y, { column: "dz", from: -0.11, to: 0.16 }), true);
});
